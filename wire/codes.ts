/** Every refusal that can leave the server: a stable code and its HTTP status. The console holds the words in both languages. */
export const ERROR_STATUS = {
  // the door
  badRequest: 400,
  invalidFields: 400,
  badJson: 400,
  /** A command without its `Idempotency-Key`. */
  missingKey: 400,
  notSignedIn: 401,
  unknownDevice: 401,
  revokedDevice: 401,
  notAllowed: 403,
  /** A write from a page of another site. */
  badOrigin: 403,
  unknown: 404,
  unknownRoute: 404,
  methodNotAllowed: 405,
  conflict: 409,
  keyReused: 409,
  historyLost: 410,
  tooLarge: 413,
  unsupportedMedia: 415,
  tooMany: 429,
  overloaded: 503,
  starting: 503,
  internal: 500,
  // tickets and dispatch
  notInThisState: 409,
  notOffered: 409,
  notYours: 403,
  alreadyTaken: 409,
  offerExpired: 409,
  alreadyOffered: 409,
  unitBusy: 409,
  unitOffDuty: 409,
  volunteerNotOrdered: 409,
  missingReason: 400,
  missingProof: 400,
  classUnknown: 409,
  notMajor: 409,
  alreadyRated: 409,
  mergeIntoItself: 409,
  mergeIntoEnded: 409,
  outsideTenant: 400,
  badPhoto: 400,
  linkExpired: 404,
  tooManyPhotos: 409,
  // fleet
  noConsent: 403,
  offDutyFix: 403,
  consentStands: 409,
  // communities, pool and engagements
  /** What is asked does not follow from the stage the thing is at. */
  wrongStage: 409,
  alreadyInPool: 409,
  notInPool: 409,
  banned: 409,
  /** A yellow light blocks a new engagement until somebody says why it should not. */
  yellowLight: 409,
  belowEntry: 409,
  /** A yellow light is cleared only after a rating that is later than it and no fail. */
  notRerated: 409,
  /** Of a firm with so few tickets no rating is made. */
  tooFewTickets: 409,
  serviceMissing: 409,
  districtNotServed: 409,
  noCapacity: 409,
  notCandidate: 409,
  alreadyEngaged: 409,
  notPublicised: 409,
  tooFewParties: 400,
  tooFewCandidates: 400,
  notParty: 403,
  alreadyGiven: 409,
  tooEarly: 409,
  tooLate: 409,
  valueMismatch: 409,
  noSource: 409,
  /** A frozen draw can be neither changed nor cancelled. */
  bound: 409,
  missingMeeting: 400,
  proofDay: 400,
  notAgreed: 400,
  notInOrder: 409,
  termTooLong: 400,
  datesCrossed: 400,
  badFile: 400,
  /** What was previewed is no longer what would happen. */
  previewStale: 409,
  /** Another publication since the plan was solved touches the same communities or providers. */
  planOvertaken: 409,
  /** Constraints that no plan could keep; the plan's card names them all. */
  planFaulty: 409,
  /** No community of the plan needs a provider. */
  planEmpty: 409,
  /** A median over so many communities is no question for a page: fewer districts, or cover. */
  studyTooLarge: 409,
  // rosters and duty
  /** Hard rules broken, or a change in the frozen window, and no reason said for it. */
  hardRules: 409,
  frozen: 409,
  /** Another roster of the same people and days has been published since. */
  rosterOvertaken: 409,
  /** The person is not rostered there, is away, or lacks what the shift asks for. */
  notRostered: 409,
  ruleBroken: 409,
  shiftStarted: 409,
  runLive: 409,
  teamTooSmall: 409,
  slotFull: 409,
  // people and set-up
  badCredentials: 401,
  badCode: 401,
  accountDisabled: 403,
  grantIncomplete: 400,
  lastAdmin: 409,
  usernameTaken: 409,
  codeTaken: 409,
  alreadyAcknowledged: 409,
  clockMismatch: 409,
} as const
export type ErrorCode = keyof typeof ERROR_STATUS

export interface FieldError {
  /** JSON path of the field, e.g. /lng. */
  path: string
  code: string
  message: string
}

/** The body of every answer that is not a success. */
export interface ErrorAnswer {
  error: { code: ErrorCode; message: string; fields?: FieldError[] }
}

/**
 * Close codes of the device socket. 4000–4099: come back later with the same frames; 4100–4199: do not come back until
 * something is mended (a frame, the secret, the program).
 */
export const DEVICE_CLOSE = {
  overloaded: 4000,
  tooMany: 4001,
  serverStopping: 4002,
  unknownDevice: 4100,
  revokedDevice: 4101,
  badFrame: 4102,
  tooLarge: 4103,
  protocolVersion: 4104,
} as const
export type DeviceCloseReason = keyof typeof DEVICE_CLOSE

/** Why the server asks a console to start again; sent as `feed:resync` or as the reason of a refused connection. */
export const RESYNC_REASONS = ['rightsChanged', 'epochChanged', 'historyLost', 'upgraded'] as const
export type ResyncReason = (typeof RESYNC_REASONS)[number]

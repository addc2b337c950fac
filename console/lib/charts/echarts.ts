// The only file that imports ECharts, and only when a chart is first seen.
import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts'

/** A chart of values over a row of names: lines on the left axis, how many on the right. */
export interface ChartOptions {
  names: readonly string[]
  lines: readonly { name: string; values: readonly (number | null)[]; token: string; isDashed?: boolean }[]
  bars?: { name: string; values: readonly number[] }
  /** A line to hold the others against. */
  mark?: { value: number; name: string }
  max?: number
  text: (value: number) => string
}

export interface DrawnChart {
  show(options: ChartOptions): void
  resize(): void
  dispose(): void
}

/** Drawn as SVG: it prints as sharply as the text beside it. */
export async function drawChart(element: HTMLElement): Promise<DrawnChart> {
  const [core, charts, components, renderers] = await Promise.all([
    import('echarts/core'),
    import('echarts/charts'),
    import('echarts/components'),
    import('echarts/renderers'),
  ])
  const { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } = components
  core.use([charts.LineChart, charts.BarChart, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent])
  core.use(renderers.SVGRenderer)
  const chart = core.init(element, null, { renderer: 'svg' })
  return {
    show: (options) => chart.setOption(optionOf(options, getComputedStyle(element)), { notMerge: true }),
    resize: () => chart.resize(),
    dispose: () => chart.dispose(),
  }
}

function optionOf(options: ChartOptions, style: CSSStyleDeclaration) {
  const colour = (token: string) => style.getPropertyValue(token).trim()
  const { names, bars, text, max } = options
  const label = { color: colour('--ink-2'), fontSize: 11 }
  const axis = { axisLabel: label, axisLine: { lineStyle: { color: colour('--line-strong') } } }
  return {
    animation: false,
    textStyle: { fontFamily: style.fontFamily },
    grid: { left: 8, right: 8, top: 32, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    legend: { top: 0, left: 0, itemWidth: 18, itemHeight: 8, textStyle: label },
    tooltip: {
      trigger: 'axis',
      backgroundColor: colour('--surface-1'),
      borderColor: colour('--line-strong'),
      textStyle: { color: colour('--ink'), fontSize: 12 },
    },
    xAxis: { type: 'category', data: [...names], ...axis, axisTick: { show: false } },
    yAxis: [
      {
        type: 'value',
        min: 0,
        ...(max !== undefined && { max }),
        ...axis,
        axisLabel: { ...label, formatter: text },
        splitLine: { lineStyle: { color: colour('--line') } },
      },
      { type: 'value', min: 0, ...axis, splitLine: { show: false }, axisLabel: { ...label, color: colour('--ink-3') } },
    ],
    series: [...(bars ? [barsOf(bars, colour('--line'))] : []), ...linesOf(options, colour)],
  }
}

const barsOf = ({ name, values }: NonNullable<ChartOptions['bars']>, color: string): BarSeriesOption => ({
  ...{ type: 'bar', name, yAxisIndex: 1, data: [...values], itemStyle: { color }, z: 1 },
  tooltip: { valueFormatter: String },
})

function linesOf({ lines, mark, text }: ChartOptions, colour: (token: string) => string): LineSeriesOption[] {
  return lines.map(({ name, values, token, isDashed }, i) => ({
    ...{ type: 'line', name, data: [...values], z: 2, symbolSize: 4, connectNulls: false },
    itemStyle: { color: colour(token) },
    lineStyle: { color: colour(token), width: 2, type: isDashed ? 'dashed' : 'solid' },
    tooltip: { valueFormatter: (value) => (typeof value === 'number' ? text(value) : '–') },
    ...(i === 0 &&
      mark && {
        markLine: {
          silent: true,
          symbol: 'none',
          data: [{ yAxis: mark.value }],
          lineStyle: { color: colour('--ink-3'), type: 'dotted' },
          label: { formatter: mark.name, position: 'insideEndTop', color: colour('--ink-2'), fontSize: 11 },
        },
      }),
  }))
}

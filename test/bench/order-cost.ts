// What an order costs the thread that executes, in this process, without engine, network and signatures.
import { ORDER_STEPS, OrderRun } from '@causeway/hub'
import type { MeasureStep, OrderStep } from '@causeway/hub'

/** How much there is of everything. */
export interface OrderCostTerms {
  readonly accounts: number
  readonly positions: number
  readonly resting: number
  /** Orders in a block. */
  readonly orders: number
}

/** CPU time, microseconds. */
export interface OrderCost {
  readonly perOrder: number
  readonly steps: Readonly<Record<OrderStep, number>>
  readonly filledShare: number
}

const WARM_BLOCKS = 8
const BLOCKS = 10

/** Measures some blocks of orders. */
export function orderCost({ orders, ...state }: OrderCostTerms): OrderCost {
  const run = new OrderRun(state)
  for (let i = 0; i < WARM_BLOCKS; i++) run.block(orders)
  const sums = Object.fromEntries(ORDER_STEPS.map((step) => [step, 0])) as Record<OrderStep, number>
  const measure: MeasureStep = (step, work) => {
    const before = cpuMicroseconds()
    const result = work()
    sums[step] += cpuMicroseconds() - before
    return result
  }
  const filled = new Set<string>()
  for (let i = 0; i < BLOCKS; i++) {
    for (const { type, attributes } of run.block(orders, measure).events)
      if (type === 'causeway.markets.v1.fill')
        filled.add(attributes.find(({ key }) => key === 'order')!.value)
  }
  const total = BLOCKS * orders
  const steps = Object.fromEntries(ORDER_STEPS.map((step) => [step, sums[step] / total]))
  return {
    perOrder: ORDER_STEPS.reduce((sum, step) => sum + steps[step]!, 0),
    steps: steps as Record<OrderStep, number>,
    filledShare: filled.size / total,
  }
}

/** CPU microseconds that a block without orders takes with so many accounts of ten positions. */
export function emptyBlockCost(accounts: number, blocks: number): number {
  const run = new OrderRun({ accounts: 2, positions: 10, holders: accounts - 2 })
  for (let i = 0; i < 3; i++) run.block(0)
  const costs = Array.from({ length: blocks }, () => {
    let microseconds = 0
    run.block(0, (_, work) => {
      const before = cpuMicroseconds()
      const result = work()
      microseconds += cpuMicroseconds() - before
      return result
    })
    return microseconds
  })
  return costs.sort((a, b) => a - b)[blocks >> 1]!
}

/** Of this thread alone: other threads compile and collect garbage. */
function cpuMicroseconds(): number {
  const { user, system } = process.threadCpuUsage()
  return user + system
}

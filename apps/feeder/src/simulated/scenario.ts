/** What goes on at the SIMULATED exchange. Venues are the first parts of its paths; '*' is all of them. */
export interface Scenario {
  /** All underlyings moved by so much from where they would be, basis points: −3000 is a crash by 30 %. */
  readonly moveBps: number
  /** The same for single underlyings by symbol, on top of it. */
  readonly moves: Readonly<Record<string, number>>
  /** Prices stand where they are; time goes on. */
  readonly isFlat: boolean
  /** Venues that answer nothing but HTTP 503. */
  readonly out: readonly string[]
  /** Venues whose prices are wrong by so much, basis points. */
  readonly lying: Readonly<Record<string, number>>
  /** Venues that go on answering with what they said last. */
  readonly stalled: readonly string[]
  /** Venues that answer this text whatever they are asked. */
  readonly garbled: Readonly<Record<string, string>>
}

/** Nothing special goes on. */
export const CALM: Scenario = {
  ...{ moveBps: 0, moves: {}, isFlat: false },
  ...{ out: [], lying: {}, stalled: [], garbled: {} },
}

/** Whether a list of venues has this one. */
export function concerns(venues: readonly string[], venue: string): boolean {
  return venues.includes(venue) || venues.includes('*')
}

// The market worked out for libs/margin once a block: derived from state, never truth.
import { createRiskMarket, createWorkspace } from '@causeway/margin'
import type { RiskMarket, Workspace } from '@causeway/margin'
import type { ReadContext } from '../../block/context.ts'
import { Layout } from './layout.ts'
import { createModels } from './model.ts'
import type { ModelPreset } from './model.ts'
import type { RiskPorts } from './ports.ts'
import { buildSnapshot } from './snapshot.ts'
import type { BuiltSnapshot } from './snapshot.ts'
import { RISK_STORE, readModel } from './state.ts'

/** A market under this chain's model. */
export interface MarginedMarket extends BuiltSnapshot {
  readonly market: RiskMarket
  readonly layout: Layout
  /** For one valuation at a time. */
  readonly workspace: Workspace
}

/** Gives the market that a context's state is margined in. */
export interface MarketMemory {
  /**
   * Of the running block: what its beginning found. Of anything else (queries, CheckTx): what the committed
   * state of that height and time says.
   */
  at(context: ReadContext): MarginedMarket
  /** Works it out anew, as the state stands now. */
  fresh(context: ReadContext): MarginedMarket
  /** From now on a block runs: its contexts get this market until `end`. */
  begin(context: ReadContext): void
  /** A market has come that the running block didn't begin with. */
  renew(context: ReadContext): MarginedMarket
  end(): void
}

/** Makes the memory of one node. */
export function createMarketMemory(
  ports: Pick<RiskPorts, 'price' | 'symbol' | 'surface' | 'markets' | 'cash'>,
): MarketMemory {
  const modelOf = createModels()
  let layout: Layout | undefined
  let running: MarginedMarket | undefined
  let committed:
    { readonly height: bigint; readonly time: bigint; readonly market: MarginedMarket } | undefined

  const fresh = (context: ReadContext): MarginedMarket => {
    const built = buildSnapshot(context, ports)
    const preset = readModel(context.store(RISK_STORE)).preset as ModelPreset
    const model = modelOf(preset, built.underlyings)
    const market = createRiskMarket(model, built.snapshot, built.options)
    if (layout?.isOf(built.terms) !== true) layout = new Layout(market, built.terms)
    return { ...built, market, layout, workspace: createWorkspace(market) }
  }
  // Between a block's begin and its end nothing but the block runs. Otherwise the state of a height and time
  // is the committed one, whatever CheckTx has written on top: that touches no price and no market.
  const at = (context: ReadContext): MarginedMarket => {
    if (running !== undefined) return running
    const { height, timeNanoseconds: time } = context
    if (committed?.height !== height || committed.time !== time)
      committed = { height, time, market: fresh(context) }
    return committed.market
  }
  return {
    at,
    fresh,
    begin(context) {
      committed = undefined
      running = fresh(context)
    },
    renew(context) {
      const market = fresh(context)
      if (running !== undefined) running = market
      return market
    },
    end() {
      running = undefined
      committed = undefined
    },
  }
}

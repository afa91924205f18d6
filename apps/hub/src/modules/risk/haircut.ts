// Collateral whose client is dead (Frozen, Expired) counts for less, in steps, by the share of the asset's
// escrow that lies on lines of such clients. What is new is refused at once; what stands has days, so that
// nobody is liquidated in one block because nobody relayed. Decision: docs/decisions/0016.
import type { AssetWeight, HaircutParams } from '@causeway/protocol/causeway/risk/v1/risk'
import type { Context, ParentBlock, ReadContext } from '../../block/context.ts'
import { emitDeadClient, emitHaircut } from './events.ts'
import {
  RISK_STORE,
  deadClients,
  readDeadSince,
  readHaircut,
  weights,
  writeDeadSince,
  writeWeight,
} from './state.ts'

/** What of an asset's balances one line backs. */
export interface Backing {
  readonly client: string
  /** Base units that its escrow holds and that aren't on their way out. */
  readonly amount: bigint
}

/** What haircuts need of lines and clients. */
export interface HaircutPorts {
  /** The lines of an asset; none of one that comes from here. */
  backing(context: ReadContext, asset: bigint): Iterable<Backing>
  /** `Active`, or why a client is dead. */
  clientStatus(context: ReadContext, client: string): string
}

/** What is taken off weights, in basis points of them. */
export interface Cut {
  readonly initialBps: bigint
  /** At most `initialBps`. */
  readonly maintenanceBps: bigint
}

const ALL_BPS = 10_000n
const NO_CUT: Cut = { initialBps: 0n, maintenanceBps: 0n }
/** Clients and shares are looked at in the first block of each minute. */
const LOOK_SECONDS = 60n
/** An asset that has lost this share of its maintenance weight cancels nobody's risk any more. */
const CANCELS_BELOW_BPS = 5_000

/** What counts of an asset now: its listed weight, less what dead clients take off. */
export function countedWeight(weight: AssetWeight): AssetWeight {
  const { initialWeightBps, maintenanceWeightBps, initialCutBps, maintenanceCutBps, cancelsRisk } = weight
  if (initialCutBps === 0) return weight
  return {
    ...weight,
    initialWeightBps: lessened(initialWeightBps, initialCutBps),
    maintenanceWeightBps: lessened(maintenanceWeightBps, maintenanceCutBps),
    // What can't be fetched hedges nothing, and its exposure must not weigh more than itself
    cancelsRisk: cancelsRisk && maintenanceCutBps < CANCELS_BELOW_BPS,
  }
}

/** A weight after a cut, both in basis points; rounded down. */
export function lessened(weightBps: number, cutBps: number): number {
  return Math.floor((weightBps * (10_000 - cutBps)) / 10_000)
}

/** Finds who is dead and brings all cuts up to this block, once a minute, before the block has its market. */
export function stepHaircuts(context: Context, ports: HaircutPorts, parent: ParentBlock | undefined): void {
  if (parent !== undefined && parent.timeSeconds / LOOK_SECONDS === context.timeSeconds / LOOK_SECONDS) return
  const store = context.store(RISK_STORE)
  const listed = weights(store).map((weight) => ({
    weight,
    backing: [...ports.backing(context, weight.asset)],
  }))
  const carrying = new Set(listed.flatMap(({ backing }) => backing.map(({ client }) => client)))
  for (const [client] of deadClients(store)) if (!carrying.has(client)) revive(context, ports, client)
  const params = readHaircut(store)
  const cuts = new Map([...carrying].sort().map((client) => [client, judge(context, ports, params, client)]))
  for (const { weight, backing } of listed) take(context, weight, shareOf(backing, cuts))
}

/** What a client that is dead for so long takes off the share that it carries. */
export function cutAfter(params: HaircutParams, deadSeconds: bigint): Cut {
  const steps = deadSeconds / params.deadStepSeconds
  const maintenanceBps = atMostAll(steps * params.deadMaintenanceStepBps)
  const initialBps = atMostAll(params.deadInitialBps + steps * params.deadInitialStepBps)
  return { maintenanceBps, initialBps: initialBps > maintenanceBps ? initialBps : maintenanceBps }
}

/** Records whether a client lives; gives its cut. */
function judge(context: Context, ports: HaircutPorts, params: HaircutParams, client: string): Cut {
  const store = context.store(RISK_STORE)
  const before = readDeadSince(store, client)
  const status = ports.clientStatus(context, client)
  if (status === 'Active') {
    if (before !== undefined) revive(context, ports, client)
    return NO_CUT
  }
  // Also after a halt in which it expired: nobody could have updated it
  const since = before ?? context.timeSeconds
  if (before === undefined) {
    writeDeadSince(store, client, since)
    emitDeadClient(context, { client, status, since })
  }
  return cutAfter(params, context.timeSeconds - since)
}

function revive(context: Context, ports: HaircutPorts, client: string): void {
  writeDeadSince(context.store(RISK_STORE), client, undefined)
  emitDeadClient(context, { client, status: ports.clientStatus(context, client), since: 0n })
}

/** Of all that backs an asset; rounded up. */
function shareOf(backing: readonly Backing[], cuts: ReadonlyMap<string, Cut>): Cut {
  const sum = (of: (backed: Backing) => bigint) => backing.reduce((total, each) => total + of(each), 0n)
  const held = sum(({ amount }) => amount)
  if (held === 0n) return NO_CUT
  const meanOf = (name: keyof Cut) =>
    (sum(({ client, amount }) => amount * cuts.get(client)![name]) + held - 1n) / held
  return { initialBps: meanOf('initialBps'), maintenanceBps: meanOf('maintenanceBps') }
}

function take(context: Context, weight: AssetWeight, cut: Cut): void {
  const [initialCutBps, maintenanceCutBps] = [Number(cut.initialBps), Number(cut.maintenanceBps)]
  if (weight.initialCutBps === initialCutBps && weight.maintenanceCutBps === maintenanceCutBps) return
  const after = { ...weight, initialCutBps, maintenanceCutBps }
  writeWeight(context.store(RISK_STORE), after)
  emitHaircut(context, after)
}

function atMostAll(bps: bigint): bigint {
  return bps < ALL_BPS ? bps : ALL_BPS
}

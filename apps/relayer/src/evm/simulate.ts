import { asRelayError, RelayError } from '../errors.ts'

/**
 * Calls of one transaction that are not encoded yet: how a proof is written depends on what goes before it.
 */
export interface Draft {
  readonly messages: number
  /** The calls of these messages, with the client update before them or not. */
  encode(kept: readonly number[], withUpdate: boolean): readonly `0x${string}`[]
}

/** What of a draft can be sent. */
export interface Fit {
  readonly kept: readonly number[]
  /** Gas that the kept ones take, with the update; 0 when nothing is kept. */
  readonly gas: bigint
  readonly refused: Map<number, RelayError>
}

/**
 * Runs calls in one transaction without sending them: the gas they take, or `RelayError` when they revert.
 */
export type Estimate = (calls: readonly `0x${string}`[]) => Promise<bigint>

/** Failures that one message is to blame for. */
const OF_MESSAGES = new Set(['message', 'gas', 'transaction', 'redundant'])

/**
 * Finds what of a draft the contract takes now. One poison packet reverts the whole transaction and isn't
 * named: the batch is bisected until each guilty message is found. What takes more gas than allowed is left
 * for the next transaction. Throws `RelayError` when the update itself, or the endpoint, fails.
 */
export async function fitDraft(draft: Draft, estimate: Estimate, gasMax: bigint): Promise<Fit> {
  const all = Array.from({ length: draft.messages }, (_, index) => index)
  const refused = new Map<number, RelayError>()
  const test = async (kept: readonly number[]) => await estimate(draft.encode(kept, true))
  const whole = await attempt(() => test(all))
  if (typeof whole === 'bigint') return withinGas(all, whole, gasMax, refused, test)
  if (!OF_MESSAGES.has(whole.failure) || draft.messages === 0) throw ofUpdate(draft, whole)
  await requireUpdate(draft, estimate)
  await findGuilty(all, test, refused)
  const kept = all.filter((index) => !refused.has(index))
  if (kept.length === 0) return { kept, gas: 0n, refused }
  return withinGas(kept, await test(kept), gasMax, refused, test)
}

async function findGuilty(
  group: readonly number[],
  test: (kept: readonly number[]) => Promise<bigint>,
  refused: Map<number, RelayError>,
): Promise<void> {
  const result = await attempt(() => test(group))
  if (typeof result === 'bigint') return
  if (!OF_MESSAGES.has(result.failure)) throw result
  const [only] = group
  if (group.length === 1 && only !== undefined) {
    refused.set(only, new RelayError(result.failure, result.retry, result.message, { messageIndex: only }))
    return
  }
  const middle = Math.ceil(group.length / 2)
  await findGuilty(group.slice(0, middle), test, refused)
  await findGuilty(group.slice(middle), test, refused)
}

/** Halves the batch until it fits; what is left out did nothing wrong and goes with the next flight. */
async function withinGas(
  fitting: readonly number[],
  gas: bigint,
  gasMax: bigint,
  refused: Map<number, RelayError>,
  test: (kept: readonly number[]) => Promise<bigint>,
): Promise<Fit> {
  if (gas <= gasMax) return { kept: fitting, gas, refused }
  if (fitting.length <= 1) throw new RelayError('gas', 'later', `${gas} gas wanted, ${gasMax} allowed`)
  const middle = Math.ceil(fitting.length / 2)
  for (const index of fitting.slice(middle)) {
    refused.set(index, new RelayError('transaction', 'now', 'left for the next transaction: too much gas'))
  }
  const kept = fitting.slice(0, middle)
  return await withinGas(kept, await test(kept), gasMax, refused, test)
}

/** A client that takes no update takes no message either: nobody of the batch is to blame. */
async function requireUpdate(draft: Draft, estimate: Estimate): Promise<void> {
  const calls = draft.encode([], true)
  if (calls.length === 0) return
  const result = await attempt(() => estimate(calls))
  if (typeof result !== 'bigint') throw ofUpdate({ ...draft, messages: 0 }, result)
}

function ofUpdate(draft: Pick<Draft, 'messages'>, error: RelayError): RelayError {
  if (draft.messages > 0 || error.failure !== 'message') return error
  return new RelayError('client', error.retry, error.message)
}

async function attempt(run: () => Promise<bigint>): Promise<bigint | RelayError> {
  try {
    return await run()
  } catch (error) {
    return asRelayError(error)
  }
}

import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { EMPTY_BYTES, fromBase64, fromHex, toHexUpper } from '@causeway/primitives'
import { errors } from '../errors.ts'

/** What a validator signed last: CometBFT's `priv_validator_state.json`. */
export interface SignState {
  readonly height: bigint
  readonly round: number
  /** 0 nothing yet, 1 proposal, 2 prevote, 3 precommit. */
  readonly step: number
  readonly signature: Uint8Array
  readonly signBytes: Uint8Array
}

/** Keeps a sign state. `save` returns when it would survive a crash. */
export interface SignStateStore {
  load(): SignState
  save(state: SignState): void
}

const NOTHING_SIGNED: SignState = {
  height: 0n,
  round: 0,
  step: 0,
  signature: EMPTY_BYTES,
  signBytes: EMPTY_BYTES,
}

/** A sign state that dies with the process. */
export function createMemorySignState(): SignStateStore {
  let state = NOTHING_SIGNED
  return { load: () => state, save: (next) => void (state = next) }
}

/** The sign state in a file, replaced as a whole; `isFlushed` makes it survive a power loss, too. */
export function createFileSignState(path: string, isFlushed: boolean): SignStateStore {
  return {
    load: () => (existsSync(path) ? parseSignState(readFileSync(path, 'utf8')) : NOTHING_SIGNED),
    save(state) {
      const temporary = `${path}.next`
      const descriptor = openSync(temporary, 'w', 0o600)
      try {
        writeSync(descriptor, formatSignState(state))
        if (isFlushed) fsyncSync(descriptor)
      } finally {
        closeSync(descriptor)
      }
      renameSync(temporary, path)
    },
  }
}

/** Reads a sign state file. Throws `engine/5`. */
export function parseSignState(text: string): SignState {
  try {
    const json = JSON.parse(text) as Record<string, unknown>
    const height = BigInt(json['height'] as string)
    const { round, step } = json
    if (!Number.isSafeInteger(round) || !Number.isSafeInteger(step) || height < 0n) throw new RangeError()
    return {
      height,
      round: round as number,
      step: step as number,
      signature: typeof json['signature'] === 'string' ? fromBase64(json['signature']) : EMPTY_BYTES,
      signBytes: typeof json['signbytes'] === 'string' ? fromHex(json['signbytes']) : EMPTY_BYTES,
    }
  } catch {
    throw errors.badSignState({ reason: 'it is not as CometBFT writes it' })
  }
}

function formatSignState(state: SignState): string {
  const json = {
    height: String(state.height),
    round: state.round,
    step: state.step,
    ...(state.signature.length > 0 && { signature: Buffer.from(state.signature).toString('base64') }),
    ...(state.signBytes.length > 0 && { signbytes: toHexUpper(state.signBytes) }),
  }
  return `${JSON.stringify(json, undefined, 2)}\n`
}

// What governance may change of lines: `capE6/<line>`, `outflowBps/<line>`, `outflowFloorE6/<line>`; 0 is the
// default (no cap, 5 %, 100,000 cash).
import type { LineLimits } from '@causeway/protocol/causeway/ledger/v1/ledger'
import { U64_MAX } from '@causeway/primitives'
import { errors } from '../../block/parameters.ts'
import type { Parameters } from '../../block/parameters.ts'
import { LEDGER_STORE, lineLimits, readLimits, readLine, writeLimits } from './state.ts'

const NAME = /^(capE6|outflowBps|outflowFloorE6)\/([1-9][0-9]{0,19})$/
const MAX: Readonly<Record<keyof LineLimits, bigint>> = {
  capE6: U64_MAX,
  outflowBps: 10_000n,
  outflowFloorE6: 10n ** 18n,
}

/** Caps and windows of lines. */
export const ledgerParameters: Parameters = {
  read: (context) =>
    Object.fromEntries(
      [...lineLimits(context.store(LEDGER_STORE))].flatMap(([line, limits]) =>
        Object.entries<bigint>({ ...limits }).map(([name, value]) => [`${name}/${line}`, value] as const),
      ),
    ),
  change(context, name, value) {
    const [, key, id] = NAME.exec(name) ?? []
    const store = context.store(LEDGER_STORE)
    const line = id === undefined || BigInt(id) > U64_MAX ? undefined : readLine(store, BigInt(id))
    if (key === undefined || line === undefined) throw errors.unknown({ name: name.slice(0, 64) })
    const max = MAX[key as keyof LineLimits]
    if (value < 0n || value > max) throw errors.outOfBounds({ name, min: 0n, max })
    writeLimits(store, line.id, { ...readLimits(store, line.id), [key]: value })
  },
}

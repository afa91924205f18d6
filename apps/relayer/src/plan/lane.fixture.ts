import fc from 'fast-check'

import type { LaneView } from './view.ts'
import type { MessageKind, Work } from './work.ts'
import { CARRY_EVERYTHING } from './filter.ts'

/** A message for tests; every field can be overridden. */
export function testWork(fields: Partial<Work> & { sequence?: bigint; timeoutSeconds?: bigint } = {}): Work {
  const { sequence = 1n, timeoutSeconds = 5_000n, ...rest } = fields
  return {
    kind: 'recv',
    packet: {
      sequence,
      sourceClient: '07-tendermint-0',
      destinationClient: '07-tendermint-1',
      timeoutTimestamp: timeoutSeconds,
      payloads: [
        {
          sourcePort: 'transfer',
          destinationPort: 'transfer',
          version: 'ics20-1',
          encoding: 'application/x-protobuf',
          value: new Uint8Array(64),
        },
      ],
    },
    acknowledgement: undefined,
    eventHeight: 10n,
    attempts: 0,
    notBeforeMs: 0n,
    seenAtMs: 0n,
    apart: false,
    ...rest,
  }
}

/** A lane in good order: heads at 100, client at 50, clocks at 1,000 s, a trusting period of 10,000 s. */
export function testView(fields: Partial<LaneView> = {}): LaneView {
  return {
    nowMs: 1_000_000n,
    proving: { newest: { height: 100n, timeNanoseconds: 1_000_000_000_000n }, oldestHeight: 0n, lag: 1n },
    target: { height: 200n, timeNanoseconds: 1_000_000_000_000n },
    client: {
      clientId: '07-tendermint-1',
      clientType: '07-tendermint',
      chainId: 'proving-1',
      status: 'Active',
      revisionNumber: 1n,
      latestHeight: 50n,
      latestTimeNanoseconds: 900_000_000_000n,
      trustingPeriodNanoseconds: 10_000_000_000_000n,
    },
    works: [],
    limits: { messagesMax: 10n, bytesMax: 200_000n, gasMax: 10_000_000n },
    gas: { update: 300_000n, recv: 250_000n, ack: 200_000n, timeout: 200_000n },
    filter: CARRY_EVERYTHING,
    refresh: { numerator: 33n, denominator: 100n },
    ...fields,
  }
}

const KINDS: readonly MessageKind[] = ['recv', 'ack', 'timeout']

/** Any set of messages with different names, some provable, some not, some expired, some delayed. */
export const arbitraryWorks: fc.Arbitrary<Work[]> = fc.uniqueArray(
  fc
    .record({
      kind: fc.constantFrom(...KINDS),
      sequence: fc.bigInt(1n, 40n),
      eventHeight: fc.bigInt(0n, 120n),
      timeoutSeconds: fc.bigInt(800n, 1_200n),
      notBeforeMs: fc.constantFrom(0n, 999_999n, 1_000_001n),
      attempts: fc.nat(8),
      apart: fc.boolean(),
    })
    .map((fields) => testWork(fields)),
  { maxLength: 60, selector: (work) => `${work.kind}/${work.packet.sequence}` },
)

/** Any lane: client ahead or behind, active or not, limits tight or wide. */
export const arbitraryView: fc.Arbitrary<LaneView> = fc
  .record({
    works: arbitraryWorks,
    height: fc.bigInt(1n, 130n),
    clientHeight: fc.bigInt(1n, 130n),
    oldestHeight: fc.constantFrom(0n, 0n, 60n),
    lag: fc.bigInt(0n, 1n),
    status: fc.constantFrom('Active', 'Active', 'Active', 'Frozen', 'Expired'),
    targetSeconds: fc.bigInt(900n, 1_100n),
    provingSeconds: fc.bigInt(900n, 1_100n),
    clientSeconds: fc.bigInt(700n, 1_000n),
    messagesMax: fc.bigInt(1n, 12n),
    bytesMax: fc.bigInt(3_000n, 120_000n),
    gasMax: fc.bigInt(300_000n, 4_000_000n),
  })
  .map((fields) => {
    const view = testView({ works: fields.works })
    return {
      ...view,
      proving: {
        newest: { height: fields.height, timeNanoseconds: fields.provingSeconds * 1_000_000_000n },
        oldestHeight: fields.oldestHeight,
        lag: fields.lag,
      },
      target: { ...view.target, timeNanoseconds: fields.targetSeconds * 1_000_000_000n },
      client: {
        ...view.client,
        status: fields.status as LaneView['client']['status'],
        latestHeight: fields.clientHeight,
        latestTimeNanoseconds: fields.clientSeconds * 1_000_000_000n,
      },
      limits: { messagesMax: fields.messagesMax, bytesMax: fields.bytesMax, gasMax: fields.gasMax },
    }
  })

import { rememberDenomination, voucherOf } from '@causeway/messaging'
import {
  QueryDenomRequest,
  QueryDenomResponse,
  QueryDenomsRequest,
  QueryDenomsResponse,
  QueryEscrowAddressRequest,
  QueryEscrowAddressResponse,
} from '@causeway/protocol/ibc/applications/transfer/v1/query'
import { PageRequest } from '@causeway/protocol/cosmos/base/query/v1beta1/pagination'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UNPAID_GAS_MAX } from '../../block/gas.ts'
import { Layer } from '../../block/layer.ts'
import { createAddressCodec } from '../../identifiers.ts'
import { memoryContext } from '../../testing/memory-context.fixture.ts'
import { refusal } from '../../testing/refusal.fixture.ts'
import { transferModule } from './module.ts'
import { queries } from './queries.ts'
import {
  TRANSFER_STORE,
  denominationPaths,
  outgoing,
  payloadText,
  takeOutgoing,
  writeOutgoing,
} from './state.ts'
import type { Transfer } from './transfer.ts'

const addresses = createAddressCodec('cway')
const PATH = 'transfer/07-tendermint-0/uusd'

function setUp(
  paths: string[] = [],
  pending: { client: string; sequence: bigint }[] = [],
  inFlight = new Map<bigint, bigint>(),
) {
  const context = memoryContext([TRANSFER_STORE])
  const module = transferModule({} as Transfer, {
    addresses,
    sendPacket: () => 1n,
    genesisPaths: () => paths,
    pendingPackets: () => pending,
    recordsTransfers: true,
    inFlightByLine: () => inFlight,
  })
  return { context, module, store: context.store(TRANSFER_STORE) }
}

describe('transfers under way', () => {
  it('are kept until they are answered, once', () => {
    const { store } = setUp()
    const id = { client: '07-tendermint-0', sequence: 7n, payloadIndex: 0 }
    writeOutgoing(store, id, { line: 3n, amount: 12n })
    expect(() => writeOutgoing(store, id, { line: 3n, amount: 12n })).toThrow('goes out once')
    expect(takeOutgoing(store, id)).toEqual({ line: 3n, amount: 12n })
    expect(() => takeOutgoing(store, id)).toThrow('is under way')
    expect([...outgoing(store)]).toEqual([])
  })

  it('read back as they were written, whatever the client', () => {
    const id = fc.record({
      client: fc.constantFrom(
        '07-tendermint-0',
        '07-tendermint-1',
        '07-tendermint-10',
        'ethereum-18446744073709551615',
      ),
      sequence: fc.bigInt(1n, 2n ** 64n - 1n),
      payloadIndex: fc.nat(7),
    })
    const record = fc.record({ line: fc.bigInt(0n, 2n ** 64n - 1n), amount: fc.bigInt(1n, 2n ** 256n - 1n) })
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(id, record), { selector: ([key]) => payloadText(key) }), (list) => {
        const { store } = setUp()
        for (const [key, value] of list) writeOutgoing(store, key, value)
        const read = new Map([...outgoing(store)].map(([key, value]) => [payloadText(key), value]))
        expect(read).toEqual(new Map(list.map(([key, value]) => [payloadText(key), value])))
      }),
    )
  })
})

describe('transfer genesis', () => {
  it('remembers the paths of listed lines, and what was exported', () => {
    const pending = [{ client: '07-tendermint-0', sequence: 4n }]
    const { context, module, store } = setUp([PATH], pending, new Map([[1n, 9n]]))
    const state = {
      denominations: ['transfer/07-tendermint-1/uatom'],
      outgoing: [{ client: '07-tendermint-0', sequence: '4', payloadIndex: 0, line: '1', amount: '9' }],
    }
    module.initGenesis!(context, state)
    expect(denominationPaths(store).sort()).toEqual([PATH, 'transfer/07-tendermint-1/uatom'])
    const exported = module.exportGenesis!(context) as typeof state
    expect(exported.outgoing).toEqual(state.outgoing)
    expect(exported.denominations).toHaveLength(2)
  })

  it('may be absent, and is strict', () => {
    const init = (state: unknown) => {
      const { module, context } = setUp()
      return refusal(() => module.initGenesis!(context, state))
    }
    expect(init(undefined)).toBe('nothing')
    const entry = { client: 'c', sequence: '1', payloadIndex: 0, line: '1', amount: '9' }
    for (const wrong of [
      { amount: '0' },
      { sequence: '-1' },
      { payloadIndex: -1 },
      { line: 'x' },
      { more: 1 },
    ]) {
      expect(init({ outgoing: [{ ...entry, ...wrong }] })).toBe('genesis/2')
    }
  })

  it('that would halt the chain later is refused: packets, transfers and lines tell the same', () => {
    const packet = { client: '07-tendermint-0', sequence: 4n }
    const entry = { client: '07-tendermint-0', sequence: '4', payloadIndex: 0, line: '1', amount: '9' }
    const reason = (outgoing: unknown[], pending = [packet], inFlight = new Map([[1n, 9n]])) => {
      const { module, context } = setUp([], pending, inFlight)
      try {
        module.initGenesis!(context, { outgoing })
        return ''
      } catch (error) {
        expect(
          refusal(() => {
            throw error
          }),
        ).toBe('genesis/2')
        return (error as Error).message
      }
    }
    expect(reason([entry])).toBe('')
    // An answer to this packet would look for a transfer that is not there.
    expect(reason([], [packet], new Map())).toContain('07-tendermint-0/4 is in flight without its transfer')
    expect(reason([entry], [])).toContain('under way without a commitment')
    expect(reason([entry], [packet], new Map())).toContain('line 1 does not exist')
    expect(reason([entry], [packet], new Map([[1n, 8n]]))).toContain(
      'has 8 in flight, transfers under way sum to 9',
    )
    expect(reason([entry, entry])).toContain('transfer.outgoing.1: is named twice')
    expect(reason([{ ...entry, sequence: '18446744073709551616' }])).toContain('transfer.outgoing.0.sequence')
  })
})

describe('transfer queries', () => {
  const ask = (name: string, request: Uint8Array, paths: string[] = [PATH]) => {
    const { context, store } = setUp()
    for (const path of paths) rememberDenomination(store, path)
    const method = queries(addresses).find(({ path }) => path.endsWith(`Query/${name}`))!
    return method.answer(context, request)
  }
  const denom = { base: 'uusd', trace: [{ portId: 'transfer', channelId: '07-tendermint-0' }] }

  it('resolve vouchers', () => {
    for (const hash of [voucherOf(PATH), voucherOf(PATH).slice(4)]) {
      const answer = ask('Denom', QueryDenomRequest.encode({ hash }).finish())
      expect(QueryDenomResponse.decode(answer).denom).toEqual(denom)
    }
    expect(refusal(() => ask('Denom', QueryDenomRequest.encode({ hash: 'ibc/00' }).finish()))).toBe(
      'transfer/83',
    )
    expect(
      refusal(() => ask('Denom', QueryDenomRequest.encode({ hash: voucherOf(PATH) }).finish(), [])),
    ).toBe('transfer/83')
  })

  it('list tokens page by page, within the budget of queries, however many came in', () => {
    const below = memoryContext([TRANSFER_STORE])
    const layer = new Layer((name) => below.store(name))
    const paths = Array.from({ length: 20_000 }, (_, i) => `transfer/07-tendermint-0/${'x'.repeat(100)}${i}`)
    for (const path of paths) rememberDenomination(layer.store(TRANSFER_STORE), path)
    const method = queries(addresses).find(({ path }) => path.endsWith('Query/Denoms'))!
    const list = (parts: Partial<PageRequest>) => {
      const context = memoryContext([TRANSFER_STORE], { layer, gasLimit: UNPAID_GAS_MAX })
      const request = QueryDenomsRequest.encode({ pagination: PageRequest.fromPartial(parts) }).finish()
      const { denoms, pagination } = QueryDenomsResponse.decode(method.answer(context, request))
      expect(context.gas.used).toBeLessThan(UNPAID_GAS_MAX / 10)
      return { bases: denoms.map(({ base }) => base), ...pagination! }
    }
    const seen: string[] = []
    let key = new Uint8Array(0)
    do {
      const page = list({ key, limit: 1_000n })
      expect(page.bases).toHaveLength(1_000)
      seen.push(...page.bases)
      key = page.nextKey.slice()
    } while (key.length > 0)
    expect(seen.map((base) => `transfer/07-tendermint-0/${base}`)).toEqual(
      denominationPaths(layer.store(TRANSFER_STORE)),
    )
    expect(list({}).bases).toEqual(seen.slice(0, 100))
    expect(list({ reverse: true, limit: 2n }).bases).toEqual(seen.slice(-2).reverse())
    expect(list({ offset: 20n, limit: 3n }).bases).toEqual(seen.slice(20, 23))
  })

  it('list tokens and name escrow accounts', () => {
    const list = ask('Denoms', QueryDenomsRequest.encode({ pagination: undefined }).finish())
    expect(QueryDenomsResponse.decode(list).denoms).toEqual([denom])
    const request = QueryEscrowAddressRequest.encode({
      portId: 'transfer',
      channelId: '07-tendermint-0',
    }).finish()
    const { escrowAddress } = QueryEscrowAddressResponse.decode(ask('EscrowAddress', request))
    expect(addresses.decode(escrowAddress)).toHaveLength(20)
  })
})

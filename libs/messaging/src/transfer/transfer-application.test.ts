import { U256_MAX, toHexUpper, utf8 } from '@causeway/primitives'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  ERROR_ACKNOWLEDGEMENT,
  acknowledgementCommitment,
} from '../commitments/acknowledgement-commitment.ts'
import { packetAcknowledgementKey, packetCommitmentKey } from '../commitments/store-keys.ts'
import type { Event } from '../context.ts'
import { refusal } from '../testing/refusal.fixture.ts'
import {
  balanceOf,
  change,
  escrowOf,
  fund,
  hubPorts,
  installTransfer,
  lineOf,
  supplyOf,
  zonePorts,
} from '../testing/test-banks.fixture.ts'
import type { TestChain } from '../testing/test-chain.fixture.ts'
import {
  acknowledge,
  connect,
  createChains,
  nowSeconds,
  openClient,
  receive,
  register,
  send,
  timeOut,
} from '../testing/two-chains.fixture.ts'
import { denominationHash } from './denomination.ts'
import { findDenomination } from './denomination-store.ts'
import { TRANSFER_ENCODINGS, encodeTransfer } from './packet-data.ts'
import type { FungibleTokenPacketData } from './packet-data.ts'
import { SUCCESS_ACKNOWLEDGEMENT, readTransferAcknowledgement } from './transfer-acknowledgement.ts'
import type { TokenMovement } from './transfer-ports.ts'

const ALICE = 'zone1alice'
const BOB = 'cway1bob'

let zone: TestChain
let hub: TestChain
let onZone: string
let onHub: string
/** The path of the zone's token on the hub. */
let path: string
let log: TokenMovement[]

beforeEach(() => {
  const chains = createChains('zone', 'hub')
  zone = chains.zone
  hub = chains.hub
  log = []
  installTransfer(zone, zonePorts('zone'))
  installTransfer(hub, hubPorts('cway', log))
  openClient(hub, zone)
  ;({ onA: onZone, onB: onHub } = connect(zone, hub))
  path = `transfer/${onHub}/uatom`
  fund(zone, ALICE, 'uatom', 1000n)
})

const data = (over: Partial<FungibleTokenPacketData> = {}) => ({
  denom: 'uatom',
  amount: 100n,
  sender: ALICE,
  receiver: BOB,
  memo: '',
  ...over,
})
const deposit = (over: Partial<FungibleTokenPacketData> = {}, encoding?: string) =>
  send(zone, onZone, [encodeTransfer(data(over), encoding)], { signer: ALICE })
const withdraw = (over: Partial<FungibleTokenPacketData> = {}, options: object = {}) => {
  const payload = encodeTransfer(data({ denom: path, sender: BOB, receiver: ALICE, ...over }))
  return send(hub, onHub, [payload], { signer: BOB, ...options })
}
const answer = (chain: TestChain, packet: Packet) =>
  chain.reader().get(packetAcknowledgementKey(packet.destinationClient, packet.sequence))
const wasRefused = (chain: TestChain, packet: Packet) => {
  expect(answer(chain, packet)).toEqual(acknowledgementCommitment([ERROR_ACKNOWLEDGEMENT]))
}
const attributes = (events: readonly Event[], type: string) =>
  events
    .filter((event) => event.type === type)
    .map((event) => Object.fromEntries(event.attributes.map((x) => [x.key, x.value])))

describe('a deposit', () => {
  it.each(Object.values(TRANSFER_ENCODINGS))('arrives as %s, and is acknowledged', (encoding) => {
    const packet = deposit({ memo: 'hello' }, encoding)
    expect(balanceOf(zone, ALICE, 'uatom')).toBe(900n)
    expect(escrowOf(zone, onZone, 'uatom')).toBe(100n)
    const { events } = receive(hub, zone, packet)
    expect(balanceOf(hub, BOB, path)).toBe(100n)
    expect(lineOf(hub, onHub, path)).toBe(100n)
    expect(attributes(events, 'fungible_token_packet')).toEqual([
      { sender: ALICE, receiver: BOB, denom: 'uatom', amount: '100', memo: 'hello', success: 'true' },
    ])
    const denom = `{"base":"uatom","trace":[{"port_id":"transfer","channel_id":"${onHub}"}]}`
    expect(attributes(events, 'denomination')).toEqual([
      { denom_hash: toHexUpper(denominationHash(path)), denom },
    ])
    const acknowledged = acknowledge(zone, hub, packet, [SUCCESS_ACKNOWLEDGEMENT])
    expect(escrowOf(zone, onZone, 'uatom')).toBe(100n)
    expect(attributes(acknowledged.events, 'fungible_token_packet')).toEqual([
      {
        sender: ALICE,
        receiver: BOB,
        denom: 'uatom',
        amount: '100',
        memo: 'hello',
        acknowledgement: 'result:"\\001" ',
      },
      { success: '\x01' },
    ])
  })

  it('tells the bank everything that a line needs', () => {
    receive(hub, zone, deposit({ receiver: `${BOB}/3`, memo: 'm' }))
    expect(log).toEqual([
      {
        purpose: 'receive',
        clientId: onHub,
        denomination: path,
        amount: 100n,
        account: 'cway1bob/3',
        counterpartyAccount: ALICE,
        memo: 'm',
        sequence: 1n,
        payloadIndex: 0,
      },
    ])
  })

  it('is remembered by its hash', () => {
    receive(hub, zone, deposit())
    const hash = toHexUpper(denominationHash(path))
    expect(findDenomination(hub.reader('transfer'), hash)).toBe(path)
  })

  it('says what it sends', () => {
    const payload = encodeTransfer(data({ memo: 'm' }))
    const { events } = zone.deliver((context) => {
      zone
        .application('transfer')!
        .onSendPacket(
          context,
          { sourceClient: onZone, destinationClient: onHub, sequence: 1n, payloadIndex: 0, payload },
          ALICE,
        )
    })
    expect(attributes(events, 'ibc_transfer')).toEqual([
      { sender: ALICE, receiver: BOB, denom: 'uatom', amount: '100', memo: 'm' },
    ])
    expect(attributes(events, 'message')).toEqual([{ module: 'transfer' }])
  })

  it.each([
    ['more than there is', {}, { amount: 1001n }, 'bank/1'],
    ['from an account of another chain', {}, { sender: BOB }, 'bank/2'],
    ["another's tokens", { signer: 'zone1mallory' }, {}, 'bank/3'],
  ])('refuses to send %s', (_name, options, over, expected) => {
    const payload = encodeTransfer(data(over))
    expect(refusal(() => send(zone, onZone, [payload], { signer: ALICE, ...options }))).toBe(expected)
    expect(balanceOf(zone, ALICE, 'uatom')).toBe(1000n)
    expect(zone.reader().has(packetCommitmentKey(onZone, 1n))).toBe(false)
  })

  it('refuses to send what the payload does not say clearly', () => {
    const payload = { ...encodeTransfer(data()), value: utf8('{"denom":"uatom","DENOM":"ucway"}') }
    expect(refusal(() => send(zone, onZone, [payload], { signer: ALICE }))).toBe('transfer/5')
    const elsewhere = { ...encodeTransfer(data()), destinationPort: 'clearing' }
    expect(refusal(() => send(zone, onZone, [elsewhere], { signer: ALICE }))).toBe('transfer/1')
  })
})

describe('a deposit that the hub refuses', () => {
  it.each([
    ['an EVM address', '0x00000000000000000000000000000000000000aa'],
    ['an account of another chain', 'zone1bob'],
    ['a subaccount of nothing', 'cway1bob/'],
    ['two receivers', 'cway1bob,cway1eve'],
    ['the bridge itself', 'transfer'],
  ])('goes back to its sender: receiver %s', (_name, receiver) => {
    const packet = deposit({ receiver })
    const { events } = receive(hub, zone, packet)
    wasRefused(hub, packet)
    expect(supplyOf(hub, path)).toBe(0n)
    expect(lineOf(hub, onHub, path)).toBe(0n)
    const [refused] = attributes(events, 'ibccallbackerror-fungible_token_packet')
    expect(refused).toMatchObject({
      'ibccallbackerror-receiver': receiver,
      'ibccallbackerror-success': 'false',
      'ibccallbackerror-error': `bank/2: no account ${receiver}`,
    })
    const acknowledged = acknowledge(zone, hub, packet, [ERROR_ACKNOWLEDGEMENT])
    expect(balanceOf(zone, ALICE, 'uatom')).toBe(1000n)
    expect(escrowOf(zone, onZone, 'uatom')).toBe(0n)
    expect(attributes(acknowledged.events, 'fungible_token_packet')[1]).toEqual({
      error: 'ABCI code: 16: error handling packet: see events for details',
    })
  })

  it('is a poison payload: nothing of it stops the chain', () => {
    const values = [utf8('{'), new Uint8Array(262_144).fill(0x5b), utf8('\0'), Uint8Array.of(0xff)]
    for (const value of values) {
      for (const encoding of [...Object.values(TRANSFER_ENCODINGS), 'application/xml']) {
        const payload = { ...encodeTransfer(data()), value, encoding }
        // A hostile chain: its own application lets everything out
        zone.applications.set('transfer', { ...hub.application('transfer')!, onSendPacket: () => undefined })
        const packet = send(zone, onZone, [payload])
        const { events } = receive(hub, zone, packet)
        wasRefused(hub, packet)
        expect(attributes(events, 'ibccallbackerror-fungible_token_packet').length).toBe(1)
      }
    }
    expect(log).toEqual([])
  })

  it('is one of several in a packet: the others go back too', () => {
    zone.ownCodeClients.add(onZone)
    const payloads = [data(), data({ receiver: 'nobody' })].map((each) => encodeTransfer(each))
    const packet = send(zone, onZone, payloads, { signer: ALICE })
    expect(escrowOf(zone, onZone, 'uatom')).toBe(200n)
    receive(hub, zone, packet)
    wasRefused(hub, packet)
    expect(supplyOf(hub, path)).toBe(0n)
    acknowledge(zone, hub, packet, [ERROR_ACKNOWLEDGEMENT])
    expect(balanceOf(zone, ALICE, 'uatom')).toBe(1000n)
  })
})

describe('a withdrawal', () => {
  beforeEach(() => {
    acknowledge(zone, hub, ...depositOf(600n))
    log.length = 0
  })

  const depositOf = (amount: bigint): [Packet, Uint8Array[]] => {
    const packet = deposit({ amount })
    receive(hub, zone, packet)
    return [packet, [SUCCESS_ACKNOWLEDGEMENT]]
  }

  it('burns here and releases there', () => {
    const packet = withdraw()
    expect(balanceOf(hub, BOB, path)).toBe(500n)
    expect(lineOf(hub, onHub, path)).toBe(500n)
    expect(log.map(({ purpose, denomination, account }) => ({ purpose, denomination, account }))).toEqual([
      { purpose: 'send', denomination: path, account: BOB },
    ])
    receive(zone, hub, packet)
    expect(balanceOf(zone, ALICE, 'uatom')).toBe(500n)
    expect(escrowOf(zone, onZone, 'uatom')).toBe(500n)
    acknowledge(hub, zone, packet, [SUCCESS_ACKNOWLEDGEMENT])
    expect(lineOf(hub, onHub, path)).toBe(500n)
  })

  it('that times out is credited again, to the same subaccount', () => {
    hub.deliver((context) => {
      const coin = 'ibc/' + toHexUpper(denominationHash(path))
      change(context, `balance/${coin}/${BOB}`, -100n)
      change(context, `balance/${coin}/${BOB}/3`, 100n)
    })
    const packet = withdraw({ sender: `${BOB}/3` }, { timeoutSeconds: nowSeconds(hub) + 10n })
    expect(balanceOf(hub, `${BOB}/3`, path)).toBe(0n)
    zone.advance(10n)
    const { events } = timeOut(hub, zone, packet)
    expect(balanceOf(hub, `${BOB}/3`, path)).toBe(100n)
    expect(lineOf(hub, onHub, path)).toBe(600n)
    expect(log.map(({ purpose }) => purpose)).toEqual(['send', 'timeout'])
    const trace = `[{"port_id":"transfer","channel_id":"${onHub}"}]`
    expect(attributes(events, 'timeout')).toEqual([
      {
        receiver: `${BOB}/3`,
        refund_tokens: `{"denom":{"base":"uatom","trace":${trace}},"amount":"100"}`,
        memo: '',
      },
    ])
    expect(timeOut(hub, zone, packet).result).toBe(1)
    expect(balanceOf(hub, `${BOB}/3`, path)).toBe(100n)
  })

  it('that the zone refuses is credited again', () => {
    const packet = withdraw({ receiver: 'nobody' })
    receive(zone, hub, packet)
    wasRefused(zone, packet)
    acknowledge(hub, zone, packet, [ERROR_ACKNOWLEDGEMENT])
    expect(balanceOf(hub, BOB, path)).toBe(600n)
    expect(lineOf(hub, onHub, path)).toBe(600n)
    expect(log.map(({ purpose }) => purpose)).toEqual(['send', 'error'])
    expect(escrowOf(zone, onZone, 'uatom')).toBe(600n)
  })

  it('can take no more than the zone holds for this client', () => {
    // A hub gone bad mints for itself and claims all of it
    fund(hub, BOB, path, 1000n)
    hub.deliver((context) => change(context, `line/${onHub}/${path}`, 1000n))
    const packet = withdraw({ amount: 601n })
    receive(zone, hub, packet)
    wasRefused(zone, packet)
    expect(escrowOf(zone, onZone, 'uatom')).toBe(600n)
  })

  it('cannot reach the escrow of another client of the same chain', () => {
    const other = openClient(zone, hub, 'mallory')
    const otherOnHub = openClient(hub, zone, 'mallory')
    register(zone, other, otherOnHub, 'mallory')
    register(hub, otherOnHub, other, 'mallory')
    // Over the other pair of clients the same path is a token from the hub, not one that comes back
    const payload = encodeTransfer(data({ denom: path, sender: BOB, receiver: ALICE }))
    const packet = send(hub, otherOnHub, [payload], { signer: BOB })
    expect(escrowOf(hub, otherOnHub, path)).toBe(100n)
    receive(zone, hub, packet)
    expect(escrowOf(zone, onZone, 'uatom')).toBe(600n)
    expect(balanceOf(zone, ALICE, `transfer/${other}/${path}`)).toBe(100n)
    expect(balanceOf(zone, ALICE, 'uatom')).toBe(400n)
  })
})

describe("the hub's own token", () => {
  it('goes out into escrow and comes back out of it', () => {
    fund(hub, BOB, 'ucway', 50n)
    const out = withdraw({ denom: 'ucway', amount: 50n })
    expect(escrowOf(hub, onHub, 'ucway')).toBe(50n)
    receive(zone, hub, out)
    const abroad = `transfer/${onZone}/ucway`
    expect(balanceOf(zone, ALICE, abroad)).toBe(50n)
    const back = deposit({ denom: abroad, amount: 20n })
    expect(supplyOf(zone, abroad)).toBe(30n)
    receive(hub, zone, back)
    expect(balanceOf(hub, BOB, 'ucway')).toBe(20n)
    expect(escrowOf(hub, onHub, 'ucway')).toBe(30n)
    expect(lineOf(hub, onHub, 'ucway')).toBe(0n)
  })

  it('cannot be claimed by a zone that mints its name', () => {
    const packet = deposit({ denom: 'uatom' })
    receive(hub, zone, packet)
    expect(balanceOf(hub, BOB, 'uatom')).toBe(0n)
    fund(zone, ALICE, 'ucway', 10n)
    receive(hub, zone, deposit({ denom: 'ucway', amount: 10n }))
    expect(balanceOf(hub, BOB, 'ucway')).toBe(0n)
    expect(balanceOf(hub, BOB, `transfer/${onHub}/ucway`)).toBe(10n)
  })
})

describe('readTransferAcknowledgement', () => {
  it('knows success and the universal error', () => {
    expect(readTransferAcknowledgement(SUCCESS_ACKNOWLEDGEMENT)).toEqual({ result: Uint8Array.of(1) })
    expect(readTransferAcknowledgement(ERROR_ACKNOWLEDGEMENT)).toEqual({ result: undefined })
    expect(readTransferAcknowledgement(utf8('{"result":"aGk="}'))).toEqual({ result: utf8('hi') })
  })

  it.each([
    ['{"result": "AQ=="}', 'transfer/60'],
    ['{"result":"AQ=="} ', 'transfer/60'],
    ['{"result":"AQ==","result":"AQ=="}', 'transfer/60'],
    ['{"error":"ABCI code: 1: x"}', 'transfer/60'],
    ['{"result":"AQ"}', 'transfer/60'],
    ['{"result":"AR=="}', 'transfer/60'],
    ['{"result":"A_=="}', 'transfer/60'],
    ['{"RESULT":"AQ=="}', 'transfer/60'],
    [`{"result":"${'A'.repeat(80_000)}"}`, 'transfer/60'],
    ['\xff', 'transfer/60'],
    ['', 'transfer/60'],
  ])('refuses %s', (text, expected) => {
    expect(refusal(() => readTransferAcknowledgement(utf8(text)))).toBe(expected)
  })

  it('refuses what is not UTF-8 with the same code', () => {
    expect(refusal(() => readTransferAcknowledgement(Uint8Array.of(0xff, 0xfe)))).toBe('transfer/60')
  })

  it('leaves a packet whose answer nobody can read where it is', () => {
    const packet = deposit()
    hub.applications.set('transfer', {
      ...hub.application('transfer')!,
      onReceivePacket: () => ({ status: 'success', acknowledgement: utf8('{"result": "AQ=="}') }),
    })
    receive(hub, zone, packet)
    expect(refusal(() => acknowledge(zone, hub, packet, [utf8('{"result": "AQ=="}')]))).toBe('transfer/60')
    expect(zone.reader().has(packetCommitmentKey(onZone, 1n))).toBe(true)
    expect(escrowOf(zone, onZone, 'uatom')).toBe(100n)
  })
})

describe('the greatest amount', () => {
  it('travels whole', () => {
    fund(zone, ALICE, 'unit', U256_MAX)
    receive(hub, zone, deposit({ denom: 'unit', amount: U256_MAX }))
    expect(balanceOf(hub, BOB, `transfer/${onHub}/unit`)).toBe(U256_MAX)
  })
})

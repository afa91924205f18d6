import {
  ERROR_ACKNOWLEDGEMENT,
  SUCCESS_ACKNOWLEDGEMENT,
  encodeTransfer,
  escrowAddress,
  voucherOf,
} from '@causeway/messaging'
import type { TokenMovement } from '@causeway/messaging'
import { describe, expect, it } from 'vitest'
import { messagingContext } from '../../block/messaging-context.ts'
import { createAddressCodec } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'
import { WITHDRAWALS } from '../../named-accounts.ts'
import { createLedger } from '../ledger/ledger.ts'
import { createLines } from '../ledger/lines.ts'
import { LEDGER_STORE, readAsset, writeZone } from '../ledger/state.ts'
import { eventsOf, memoryContext } from '../../testing/memory-context.fixture.ts'
import { refusal } from '../../testing/refusal.fixture.ts'
import { createHubBank } from './hub-bank.ts'
import { invariants } from './invariants.ts'
import { TRANSFER_STORE, outgoing } from './state.ts'
import { createTransfer } from './transfer.ts'
import { createZoneBank } from './zone-bank.ts'

const addresses = createAddressCodec('cway')
const alice: Holder = { account: new Uint8Array(20).fill(1), subaccount: 0 }
const aliceText = addresses.encode(alice.account)
const CLIENT = '07-tendermint-0'
const PATH = `transfer/${CLIENT}/uusd`

function setUp(checkWithdrawal: (holder: Holder) => void = () => undefined) {
  const chain = memoryContext([LEDGER_STORE, TRANSFER_STORE, 'ibc'])
  writeZone(chain.store(LEDGER_STORE), 0)
  const ledger = createLedger({ addresses, ensureAccount: (_, account) => account })
  const native = ledger.ensureAsset(chain, { denom: 'ucway', decimals: 6, native: true })
  const lines = createLines(ledger, { priceE9: () => 0n })
  const transferLedger = {
    ...ledger,
    isNative: (c: typeof chain, id: bigint) => readAsset(c.store(LEDGER_STORE), id).native,
  }
  const bank = createHubBank({
    addresses,
    ledger: transferLedger as never,
    lines,
    waiting: WITHDRAWALS,
    isWaiting: () => false,
    deposited: () => undefined,
    requireSolvent: () => undefined,
    checkWithdrawal: (_, holder) => checkWithdrawal(holder),
  })
  const voucherLedger = {
    ...transferLedger,
    ensureVoucher: (c: typeof chain, denom: string) =>
      ledger.ensureAsset(c, { denom, decimals: 0, native: false }),
  }
  const zoneBank = createZoneBank({ addresses, ledger: voucherLedger as never })
  ledger.mint(chain, alice, native, 1_000n)
  return { chain, context: messagingContext(chain), ledger, native, lines, bank, zoneBank }
}

function movement(changes: Partial<TokenMovement>): TokenMovement {
  return {
    purpose: 'send',
    clientId: CLIENT,
    denomination: PATH,
    amount: 100n,
    account: aliceText,
    counterpartyAccount: 'zone1xyz',
    memo: '',
    sequence: 1n,
    payloadIndex: 0,
    ...changes,
  }
}

describe('the hub’s bank', () => {
  it('releases native tokens up to what the client’s escrow holds, whatever the peer claims', () => {
    const { context, bank, chain, ledger, native } = setUp()
    bank.escrow(context, movement({ denomination: 'ucway', amount: 60n }))
    const claim = (amount: bigint, clientId = CLIENT) =>
      refusal(() =>
        bank.release(context, movement({ purpose: 'receive', denomination: 'ucway', amount, clientId })),
      )
    expect(claim(61n)).toBe('transfer/1005')
    expect(claim(1n, '07-tendermint-1')).toBe('transfer/1005')
    expect(claim(60n)).toBe('nothing')
    expect(claim(1n)).toBe('transfer/1005')
    expect(ledger.balance(chain, alice, native.id)).toBe(1_000n)
  })

  it('releases nothing that is a line, and nothing that it does not know', () => {
    const { context, bank } = setUp()
    bank.mint(context, movement({ purpose: 'receive' }))
    const claim = (denomination: string) =>
      refusal(() => bank.release(context, movement({ purpose: 'receive', denomination })))
    expect(claim(PATH)).toBe('transfer/1003')
    expect(claim('transfer/07-tendermint-9/uusd')).toBe('transfer/1003')
    expect(claim('uatom')).toBe('ledger/20')
    expect(claim(voucherOf(PATH))).toBe('transfer/1003')
  })

  it('sends a line back over its own client only', () => {
    const { context, bank } = setUp()
    bank.mint(context, movement({ purpose: 'receive' }))
    expect(refusal(() => bank.escrow(context, movement({ clientId: '07-tendermint-1' })))).toBe(
      'transfer/1003',
    )
    expect(
      refusal(() => bank.burn(context, movement({ denomination: 'transfer/07-tendermint-1/uusd' }))),
    ).toBe('ledger/21')
    expect(refusal(() => bank.burn(context, movement({})))).toBe('nothing')
  })

  it('refuses paths that would bloat the state', () => {
    const { context, bank } = setUp()
    const long = `transfer/${CLIENT}/${'transfer/07-tendermint-1/'.repeat(20)}uusd`
    expect(refusal(() => bank.mint(context, movement({ purpose: 'receive', denomination: long })))).toBe(
      'transfer/1004',
    )
  })

  it('asks risk after a debit, and only then', () => {
    const seen: number[] = []
    const { context, bank, chain, ledger, lines } = setUp(({ subaccount }) => seen.push(subaccount))
    bank.mint(context, movement({ purpose: 'receive', account: `${aliceText}/4` }))
    expect(seen).toEqual([])
    bank.burn(context, movement({ account: `${aliceText}/4`, amount: 40n }))
    bank.escrow(context, movement({ denomination: 'ucway', amount: 1n, sequence: 2n }))
    expect(seen).toEqual([4, 0])
    expect(ledger.balance(chain, { ...alice, subaccount: 4 }, lines.find(chain, PATH).asset)).toBe(60n)
  })

  it('refunds a line also where nothing new could be sent', () => {
    const blocked = setUp()
    blocked.bank.mint(blocked.context, movement({ purpose: 'receive' }))
    blocked.bank.burn(blocked.context, movement({ amount: 100n }))
    blocked.bank.mint(blocked.context, movement({ purpose: 'timeout', amount: 100n }))
    expect(blocked.lines.find(blocked.chain, PATH)).toMatchObject({ escrowed: '100', inFlight: '0' })
    expect(eventsOf(blocked.chain, 'causeway.transfer.v1.refund')).toMatchObject([
      { reason: 'timeout', amount: '100' },
    ])
  })

  it('ends each payload once', () => {
    const { context, bank } = setUp()
    bank.mint(context, movement({ purpose: 'receive' }))
    bank.burn(context, movement({ amount: 10n }))
    expect(() => bank.burn(context, movement({ amount: 10n }))).toThrow('a payload goes out once')
    bank.settle(context, { client: CLIENT, sequence: 1n, payloadIndex: 0 })
    expect(() => bank.settle(context, { client: CLIENT, sequence: 1n, payloadIndex: 0 })).toThrow(
      'is under way',
    )
    expect(() => bank.mint(context, movement({ purpose: 'error', amount: 10n }))).toThrow('is under way')
  })

  it('can spend what is held and still in escrow', () => {
    const { context, bank } = setUp()
    bank.mint(context, movement({ purpose: 'receive' }))
    expect(bank.spendable(context, aliceText, PATH)).toBe(100n)
    bank.burn(context, movement({ amount: 30n }))
    expect(bank.spendable(context, aliceText, PATH)).toBe(70n)
    expect(bank.spendable(context, aliceText, 'ucway')).toBe(1_000n)
    expect(bank.spendable(context, `${aliceText}/1`, 'ucway')).toBe(0n)
  })
})

describe('a zone’s bank', () => {
  it('mints and burns vouchers, escrows and releases the rest', () => {
    const { context, zoneBank, chain, ledger, native } = setUp()
    zoneBank.mint(context, movement({ purpose: 'receive' }))
    const voucher = ledger.asset(chain, voucherOf(PATH))
    expect(ledger.balance(chain, alice, voucher.id)).toBe(100n)
    expect(zoneBank.spendable(context, aliceText, PATH)).toBe(100n)
    zoneBank.burn(context, movement({ amount: 30n }))
    expect(ledger.balance(chain, alice, voucher.id)).toBe(70n)
    zoneBank.escrow(context, movement({ denomination: 'ucway', amount: 5n }))
    expect(ledger.balance(chain, { account: escrowAddress(CLIENT), subaccount: 0 }, native.id)).toBe(5n)
    expect(
      refusal(() =>
        zoneBank.release(context, movement({ purpose: 'receive', denomination: 'ucway', amount: 6n })),
      ),
    ).toBe('transfer/1005')
    zoneBank.release(context, movement({ purpose: 'timeout', denomination: 'ucway', amount: 5n }))
    expect(ledger.balance(chain, alice, native.id)).toBe(1_000n)
    expect(
      refusal(() => zoneBank.burn(context, movement({ denomination: 'transfer/07-tendermint-9/x' }))),
    ).toBe('ledger/20')
  })
})

describe('the application', () => {
  const delivery = (data: { denom: string; sender?: string; receiver?: string }) => ({
    sourceClient: CLIENT,
    destinationClient: '07-tendermint-5',
    sequence: 1n,
    payloadIndex: 0,
    payload: encodeTransfer({ amount: 10n, sender: aliceText, receiver: 'zone1xyz', memo: '', ...data }),
  })

  it('settles on success and refunds on the error acknowledgement', () => {
    for (const [acknowledgement, expected] of [
      [SUCCESS_ACKNOWLEDGEMENT, { escrowed: '90', inFlight: '0' }],
      [ERROR_ACKNOWLEDGEMENT, { escrowed: '100', inFlight: '0' }],
    ] as const) {
      const { context, bank, chain, lines } = setUp()
      bank.mint(context, movement({ purpose: 'receive', sequence: 9n }))
      const { application } = createTransfer({ addresses, bank, isBlocked: () => false })
      application.onSendPacket(context, delivery({ denom: PATH }), aliceText)
      expect([...outgoing(chain.store(TRANSFER_STORE))]).toHaveLength(1)
      application.onAcknowledgementPacket(context, delivery({ denom: PATH }), acknowledgement, 'relayer')
      expect(lines.find(chain, PATH)).toMatchObject(expected)
      expect([...outgoing(chain.store(TRANSFER_STORE))]).toEqual([])
    }
  })

  it('refuses a sender that the signer does not own, and receivers of the chain itself', () => {
    const { context, bank } = setUp()
    const { application, ports } = createTransfer({
      addresses,
      bank,
      isBlocked: (account) => account[0] === 1,
    })
    const other = addresses.encode(new Uint8Array(20).fill(2))
    const send = (sender: string, signer: string) =>
      refusal(() => application.onSendPacket(context, delivery({ denom: 'ucway', sender }), signer))
    expect(send(aliceText, other)).toBe('transfer/1001')
    expect(send(`${aliceText}/3`, other)).toBe('transfer/1001')
    expect(send('zone1xyz', other)).toBe('identifiers/1')
    expect(send(aliceText, aliceText)).toBe('nothing')
    expect(refusal(() => ports.accounts.requireReceiver(context, aliceText))).toBe('transfer/1002')
    expect(refusal(() => ports.accounts.requireReceiver(context, other))).toBe('nothing')
  })
})

describe('invariants of transfers', () => {
  it('find a transfer without its commitment, and lines that disagree', () => {
    const { context, bank, chain, lines } = setUp()
    bank.mint(context, movement({ purpose: 'receive' }))
    bank.burn(context, movement({ amount: 10n }))
    const inFlight = () => new Map([[1n, BigInt(lines.find(chain, PATH).inFlight)]])
    const client = CLIENT
    const check = (sequences: bigint[], inFlightByLine = inFlight, recordsTransfers = true) =>
      invariants(chain, {
        pendingPackets: () => sequences.map((sequence) => ({ client, sequence })),
        recordsTransfers,
        inFlightByLine,
      })
    expect(check([1n])).toEqual([])
    expect(check([])).toEqual([expect.stringContaining('without a commitment')])
    expect(check([1n], () => new Map([[1n, 9n]]))).toHaveLength(1)
    expect(check([1n], () => new Map())).toHaveLength(1)
    expect(check([1n, 77n])).toEqual([expect.stringContaining('without its transfer')])
    expect(check([1n, 77n], inFlight, false)).toEqual([])
  })
})

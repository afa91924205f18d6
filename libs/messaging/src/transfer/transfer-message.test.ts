import { U256_MAX } from '@causeway/primitives'
import { MsgTransfer } from '@causeway/protocol/ibc/applications/transfer/v1/tx'
import { beforeEach, describe, expect, it } from 'vitest'
import { sendPacket } from '../packet/send-packet.ts'
import { refusal } from '../testing/refusal.fixture.ts'
import { balanceOf, fund, installTransfer, zonePorts } from '../testing/test-banks.fixture.ts'
import type { TestChain } from '../testing/test-chain.fixture.ts'
import { connect, createChains, nowSeconds, receive } from '../testing/two-chains.fixture.ts'
import { voucherOf } from './denomination.ts'
import { decodeTransfer } from './packet-data.ts'
import { transferToSendPacket } from './transfer-message.ts'

const ALICE = 'alpha1alice'
const BOB = 'beta1bob'
const ports = zonePorts('alpha')

let a: TestChain
let b: TestChain
let onA: string
let onB: string

beforeEach(() => {
  const chains = createChains('alpha', 'beta')
  a = chains.alpha
  b = chains.beta
  installTransfer(a, ports)
  installTransfer(b, zonePorts('beta'))
  ;({ onA, onB } = connect(a, b))
  fund(a, ALICE, 'uatom', 500n)
})

const message = (over: Partial<MsgTransfer> = {}): MsgTransfer => ({
  sourcePort: 'transfer',
  sourceChannel: onA,
  token: { denom: 'uatom', amount: '70' },
  sender: ALICE,
  receiver: BOB,
  timeoutHeight: undefined,
  timeoutTimestamp: nowSeconds(a) + 60n,
  memo: '',
  encoding: '',
  ...over,
})
const convert = (over: Partial<MsgTransfer> = {}) =>
  a.deliver((context) => transferToSendPacket(context, ports, message(over))).result

describe('transferToSendPacket', () => {
  it('means the packet that ibc-go would send', () => {
    const { sourceClient, timeoutTimestamp, payloads, signer } = convert({ memo: 'm' })
    expect({ sourceClient, timeoutTimestamp, signer }).toEqual({
      sourceClient: onA,
      timeoutTimestamp: nowSeconds(a) + 60n,
      signer: ALICE,
    })
    expect(payloads.length).toBe(1)
    expect(payloads[0]!.encoding).toBe('application/json')
    expect(new TextDecoder().decode(payloads[0]!.value)).toBe(
      `{"denom":"uatom","amount":"70","sender":"${ALICE}","receiver":"${BOB}","memo":"m"}`,
    )
  })

  it('uses the encoding that is named', () => {
    expect(convert({ encoding: 'application/x-solidity-abi' }).payloads[0]!.encoding).toBe(
      'application/x-solidity-abi',
    )
    expect(refusal(() => convert({ encoding: 'application/xml' }))).toBe('transfer/3')
  })

  it('sends all there is for the greatest amount', () => {
    const amountOf = (over: Partial<MsgTransfer>) => decodeTransfer(convert(over).payloads[0]!).amount
    expect(amountOf({ token: { denom: 'uatom', amount: U256_MAX.toString() } })).toBe(500n)
    expect(refusal(() => convert({ token: { denom: 'other', amount: U256_MAX.toString() } }))).toBe(
      'transfer/82',
    )
  })

  it('finds the path of a voucher, out and back again', () => {
    const out = a.deliver((context) =>
      sendPacket(context, a, transferToSendPacket(context, ports, message())),
    ).result
    receive(b, a, out)
    const path = `transfer/${onB}/uatom`
    expect(balanceOf(b, BOB, path)).toBe(70n)
    const back = b.deliver((context) =>
      sendPacket(
        context,
        b,
        transferToSendPacket(
          context,
          zonePorts('beta'),
          message({
            sourceChannel: onB,
            token: { denom: voucherOf(path), amount: '70' },
            sender: BOB,
            receiver: ALICE,
          }),
        ),
      ),
    ).result
    expect(decodeTransfer(back.payloads[0]!).denom).toBe(path)
    receive(a, b, back)
    expect(balanceOf(a, ALICE, 'uatom')).toBe(500n)
    expect(balanceOf(b, BOB, path)).toBe(0n)
  })

  it('reads a message off the wire', () => {
    const decoded = MsgTransfer.decode(MsgTransfer.encode(message()).finish())
    expect(a.deliver((context) => transferToSendPacket(context, ports, decoded)).result).toEqual(convert())
  })

  it.each([
    ['another port', { sourcePort: 'clearing' }, 'transfer/1'],
    ['a timeout height', { timeoutHeight: { revisionNumber: 0n, revisionHeight: 9n } }, 'transfer/80'],
    ['a timeout revision', { timeoutHeight: { revisionNumber: 1n, revisionHeight: 0n } }, 'transfer/80'],
    ['no token', { token: undefined }, 'transfer/81'],
    ['an unknown voucher', { token: { denom: `ibc/${'A'.repeat(64)}`, amount: '1' } }, 'transfer/21'],
    [
      'a path instead of a voucher',
      { token: { denom: 'transfer/07-tendermint-0/uatom', amount: '1' } },
      'transfer/20',
    ],
    ['no amount', { token: { denom: 'uatom', amount: '0' } }, 'transfer/40'],
    ['a negative amount', { token: { denom: 'uatom', amount: '-1' } }, 'transfer/40'],
    ['no receiver', { receiver: '' }, 'transfer/41'],
    ['a memo bomb', { memo: 'm'.repeat(32_769) }, 'transfer/42'],
  ])('refuses %s', (_name, over, expected) => {
    expect(refusal(() => convert(over))).toBe(expected)
  })

  it('takes a timeout height of zero, as CosmJS may write it', () => {
    expect(convert({ timeoutHeight: { revisionNumber: 0n, revisionHeight: 0n } }).sourceClient).toBe(onA)
  })

  it('leaves time, client and ownership to sendPacket', () => {
    const attempt = (over: Partial<MsgTransfer>) =>
      refusal(() =>
        a.deliver((context) => sendPacket(context, a, transferToSendPacket(context, ports, message(over)))),
      )
    expect(attempt({ timeoutTimestamp: 0n })).toBe('ibc/28')
    expect(attempt({ timeoutTimestamp: nowSeconds(a) * 1_000_000_000n })).toBe('ibc/83')
    expect(attempt({ sourceChannel: 'channel-0' })).toBe('ibc/80')
    expect(attempt({ sender: BOB })).toBe('bank/2')
    expect(attempt({})).toBe('accepted')
  })
})

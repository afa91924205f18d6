// Withdrawals from the hub to wallets on Solana: attested by the hub's validators, proven to the real
// programs and paid; what comes back as an answer, a timeout or an error; and what is refused because it
// could never be paid there.
import { PublicKey } from '@solana/web3.js'
import {
  exitInstruction,
  exitMessage,
  openExitInstruction,
  openExitMessage,
  retireInstruction,
} from '@causeway/contracts-solana'
import {
  ERROR_ACKNOWLEDGEMENT,
  SUCCESS_ACKNOWLEDGEMENT,
  decodeTransfer,
  encodeTransfer,
  voucherOf,
} from '@causeway/messaging'
import { toHex } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import { exitClaimKey, exitTotalKey, readExitClaim } from './modules/exit/exit.ts'
import { eventsIn } from './testing/bridge.fixture.ts'
import { DEPOSITOR } from './testing/ethereum-bridge.fixture.ts'
import { message } from './testing/messages.fixture.ts'
import { codeOf } from './testing/refusal.fixture.ts'
import { SolanaBridge } from './testing/solana-bridge.fixture.ts'
import { THERE } from './testing/solana-chain.fixture.ts'

const ABI = 'application/x-solidity-abi'
const DAY = 86_400n

function open(line: 'usdc' | 'sol' = 'usdc', held = 5_000_000n) {
  const bridge = new SolanaBridge()
  bridge.credit(held, undefined, bridge[line])
  const recipient = bridge.openWallet(bridge[line])
  const denom = voucherOf(bridge.path(bridge[line]))
  const withdraw = (amount: bigint, more: Partial<Parameters<typeof bridge.withdraw>[0]> = {}) =>
    bridge.withdraw({ denom, amount, receiver: recipient.toBase58(), ...more })
  return { bridge, recipient, withdraw, held: () => bridge.balance(line === 'sol' ? 'sol' : 'usd') }
}

describe('a withdrawal', () => {
  it('goes out in the ABI, is attested, proven and paid there, and settled when acknowledged', async () => {
    const { bridge, recipient, withdraw, held } = open()
    const { sent, packet } = withdraw(1_000_000n)
    expect([codeOf(sent), sent.log]).toEqual(['0', ''])
    expect(packet).toMatchObject({ sourceClient: bridge.client, destinationClient: THERE })
    expect(packet!.payloads[0]!.encoding).toBe(ABI)
    expect(decodeTransfer(packet!.payloads[0]!)).toEqual({
      denom: bridge.path(),
      amount: 1_000_000n,
      sender: bridge.trader.address,
      receiver: recipient.toBase58(),
      memo: '',
    })
    expect(bridge.line()).toMatchObject({ escrowed: '5000000', inFlight: '1000000' })
    const paid = await bridge.relay(packet!, recipient)
    expect([paid.error, bridge.held(recipient)]).toEqual([undefined, 1_000_000n])
    const acknowledged = bridge.acknowledge(packet!, SUCCESS_ACKNOWLEDGEMENT)
    expect([codeOf(acknowledged), acknowledged.log]).toEqual(['0', ''])
    expect(bridge.line()).toMatchObject({ escrowed: '4000000', inFlight: '0' })
    expect(held()).toBe('4000000')
    expect(bridge.evm.broken()).toEqual([])
  })

  it('of SOL comes as wrapped SOL', async () => {
    const { bridge, recipient, withdraw, held } = open('sol', 4_000_000_000n)
    const { packet } = withdraw(1_000_000_000n)
    expect((await bridge.relay(packet!, recipient, bridge.sol)).error).toBe(undefined)
    expect([bridge.held(recipient, bridge.sol), held()]).toEqual([1_000_000_000n, '3000000000'])
    expect(codeOf(bridge.acknowledge(packet!, SUCCESS_ACKNOWLEDGEMENT))).toBe('0')
    expect(bridge.evm.broken()).toEqual([])
  })

  it('that is refused there is refunded: the hub’s own token, of which there are no vouchers', async () => {
    const { bridge, recipient } = open()
    const before = bridge.balance('ucway')
    const { packet } = bridge.withdraw({ denom: 'ucway', amount: 700n, receiver: recipient.toBase58() })
    expect((await bridge.relay(packet!, recipient)).error).toBe(undefined)
    const acknowledged = bridge.acknowledge(packet!, ERROR_ACKNOWLEDGEMENT)
    expect([codeOf(acknowledged), bridge.balance('ucway')]).toEqual(['0', before])
    expect(bridge.evm.broken()).toEqual([])
  })

  it('that times out is refunded by the absence of its receipt, and not before', () => {
    const { bridge, withdraw, held } = open()
    const { packet } = withdraw(1_000_000n, { timeoutSeconds: 120n })
    expect(codeOf(bridge.timeOut(packet!))).toBe('ibc/84')
    bridge.driver.block(121n)
    const quiet = bridge.finalize()
    expect(codeOf(bridge.timeOut(packet!, quiet))).toBe('solana/60')
    const refunded = bridge.timeOut(packet!)
    expect([codeOf(refunded), refunded.log]).toEqual(['0', ''])
    expect(eventsIn(refunded, 'causeway.transfer.v1.refund')).toMatchObject([
      { amount: '1000000', reason: 'timeout' },
    ])
    expect([held(), bridge.line().inFlight]).toEqual(['5000000', '0'])
    expect(bridge.evm.broken()).toEqual([])
  })

  it('that was received does not time out, and no other answer passes for its own', async () => {
    const { bridge, recipient, withdraw, held } = open()
    const { packet } = withdraw(1_000_000n, { timeoutSeconds: 120n })
    expect((await bridge.relay(packet!, recipient)).error).toBe(undefined)
    bridge.driver.block(121n)
    const slot = (bridge.chain.touch(), bridge.finalize())
    expect(codeOf(bridge.timeOut(packet!, slot))).toBe('solana/63')
    const judge = (answer: Uint8Array, change: Partial<NonNullable<typeof packet>> = {}) =>
      codeOf(bridge.acknowledge({ ...packet!, ...change }, answer, slot))
    expect(judge(ERROR_ACKNOWLEDGEMENT)).toBe('solana/63')
    expect(judge(SUCCESS_ACKNOWLEDGEMENT, { destinationClient: 'client-9' })).toBe('ibc/81')
    expect(judge(SUCCESS_ACKNOWLEDGEMENT, { timeoutTimestamp: 5n })).toBe('ibc/86')
    expect(judge(SUCCESS_ACKNOWLEDGEMENT)).toBe('0')
    expect(held()).toBe('4000000')
    // Nor is it paid again: its place in the tree of receipts is taken.
    expect((await bridge.relay(packet!, recipient)).error).toBe(113)
    expect(bridge.held(recipient)).toBe(1_000_000n)
  })
})

describe('what the other end could never pay', () => {
  it('is not sent: receivers, encodings, packets of the sender’s own making', () => {
    const { bridge, recipient, withdraw, held } = open()
    for (const receiver of [
      bridge.trader.address,
      DEPOSITOR,
      recipient.toBase58().slice(4),
      `${recipient.toBase58()}1`,
      `1${recipient.toBase58()}`,
      recipient.toBase58().replace(/./, '0'),
      PublicKey.default.toBase58(),
      'l'.repeat(44),
    ])
      expect([receiver, codeOf(withdraw(1n, { receiver }).sent)]).toEqual([receiver, 'transfer/45'])
    expect(codeOf(withdraw(1n, { encoding: 'application/json' }).sent)).toBe('transfer/8')
    const data = { denom: bridge.path(), amount: 1n, sender: bridge.trader.address, memo: '' }
    for (const [encoding, receiver, code] of [
      ['application/json', recipient.toBase58(), 'transfer/8'],
      [ABI, 'nobody', 'transfer/45'],
      [ABI, recipient.toBase58(), '0'],
    ] as const) {
      const sent = bridge.evm.deliver(bridge.trader, [
        message('ibc.core.channel.v2.MsgSendPacket', {
          sourceClient: bridge.client,
          timeoutTimestamp: bridge.driver.timeSeconds + 600n,
          payloads: [encodeTransfer({ ...data, receiver }, encoding)],
          signer: bridge.trader.address,
        }),
      ])
      expect(codeOf(sent)).toBe(code)
    }
    expect(held()).toBe('4999999')
  })
})

describe('exit claims', () => {
  it('name a wallet by its 32 bytes, and pay it there when the hub has died', async () => {
    const { bridge, recipient, held } = open()
    const publish = (to: string) =>
      codeOf(
        bridge.evm.deliver(bridge.trader, [
          message('causeway.exit.v1.MsgPublishExitClaim', {
            sender: bridge.trader.address,
            denom: voucherOf(bridge.path()),
            recipient: to,
          }),
        ]),
      )
    for (const wrong of [DEPOSITOR, bridge.trader.address, PublicKey.default.toBase58()])
      expect(publish(wrong)).toBe('exit/2')
    expect(publish(recipient.toBase58())).toBe('0')
    const key = exitClaimKey(bridge.trader.address, bridge.path())
    const claim = readExitClaim(bridge.driver.query('store/ibc/key', key).value)
    expect(claim).toMatchObject({ amount: BigInt(held()) })
    expect(toHex(claim.recipient)).toBe(toHex(recipient.toBytes()))
    // 14 days without news, 14 days to be sure, seven to open: then whoever pays the fee.
    const consensus = bridge.attest()
    const { svm, core } = bridge.chain
    const total = openExitMessage(claim.amount, bridge.prove(exitTotalKey(bridge.path())))
    const owned = { owner: bridge.trader.id, recipient, amount: claim.amount }
    const exit = exitMessage(owned, bridge.prove(key))
    bridge.chain.pass(29n * DAY)
    bridge.chain.send([retireInstruction(core, THERE, bridge.usdc.lightState)])
    const upload = (bytes: Uint8Array, name: string) => bridge.upload(bytes, name)
    bridge.chain.send([openExitInstruction(bridge.usdc, consensus, await upload(total, 'total'))])
    bridge.chain.pass(7n * DAY)
    const places = { consensus, payer: svm.payer.publicKey }
    bridge.chain.send([exitInstruction(bridge.usdc, owned, places, await upload(exit, 'exit'))])
    expect(bridge.held(recipient)).toBe(5_000_000n)
  })
})

describe('a client that died', () => {
  it('sends nothing more; what is in flight stays until it can be answered', () => {
    const { bridge, withdraw, held } = open()
    const { packet } = withdraw(1_000_000n)
    bridge.driver.block(DAY)
    expect(codeOf(withdraw(1n).sent)).toBe('ibc/61')
    expect(packet).toBeDefined()
    expect(codeOf(bridge.update(bridge.chain.header(bridge.slot())))).toBe('ibc/61')
    expect([held(), bridge.line().inFlight]).toEqual(['4000000', '1000000'])
    expect(bridge.evm.broken()).toEqual([])
  })
})

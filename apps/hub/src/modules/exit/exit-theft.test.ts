/* eslint-disable @nx/enforce-module-boundaries -- the light client's own fixture, not a copy of it */
// Whoever has a chain can call a token of it like a line of another one, and has a claim on that in the
// books: `exit/<thief>/transfer/<the thief's client>/transfer/<an honest client>/<mint>`. It ends as claims
// on the honest line do, and pays nothing there.
import { commitmentLeaf, createSparseTree, encodeRootAccount, taggedRoot } from '@causeway/light-clients'
import {
  exitInstruction,
  exitMessage,
  openExitInstruction,
  openExitMessage,
  retireInstruction,
} from '@causeway/contracts-solana'
import type { BufferedMessage, ExitClaim } from '@causeway/contracts-solana'
import { encodeTransfer, packetCommitment, voucherOf } from '@causeway/messaging'
import { concatBytes, toHex, utf8 } from '@causeway/primitives'
import { expect, it } from 'vitest'
import { send } from '../../../../../contracts/solana/test/svm.fixture.ts'
import { exampleAccount } from '../../../../../libs/light-clients/src/solana/example-cluster.fixture.ts'
import { codeOf } from '../../testing/refusal.fixture.ts'
import { message } from '../../testing/messages.fixture.ts'
import { SolanaBridge, proofBytes } from '../../testing/solana-bridge.fixture.ts'
import { SolanaChain, THERE } from '../../testing/solana-chain.fixture.ts'
import type { Wallet } from '../../testing/wallet.fixture.ts'
import { exitClaimKey, exitTotalKey, readExitClaim, readExitTotal } from './exit.ts'

const DAY = 86_400n
const ROOT_MISMATCH = 211
const FRONTIER = Array.from({ length: 32 }, () => new Uint8Array(32))

/** A client of a chain where the thief alone says what was sent: a token called like the bridge's line. */
function forge(bridge: SolanaBridge, thief: Wallet): string {
  const { driver, evm } = bridge
  const chain = new SolanaChain()
  chain.produce(driver.timeSeconds)
  const client = bridge.open(thief, chain.clientStates())
  driver.block()
  const transfer = {
    denom: bridge.path(),
    amount: 1n << 62n,
    sender: 'me',
    receiver: thief.address,
    memo: '',
  }
  const packet = {
    sequence: 1n,
    sourceClient: THERE,
    destinationClient: client,
    timeoutTimestamp: driver.timeSeconds + 3_600n,
    payloads: [encodeTransfer(transfer, 'application/x-solidity-abi')],
  }
  const tree = createSparseTree()
  tree.set(0n, commitmentLeaf(packetCommitment(packet)))
  const roots = {
    touches: 1n,
    sent: 1n,
    commitmentsRoot: taggedRoot('commitments', utf8(THERE), tree.root()),
    receiptsRoot: taggedRoot('receipts', utf8(THERE), createSparseTree().root()),
  }
  const account = exampleAccount(encodeRootAccount(roots, FRONTIER), chain.core.toBytes())
  const bank = chain.produce(driver.timeSeconds, new Map([[toHex(chain.rootAccount), account]]))
  expect(codeOf(bridge.update(chain.header(bank), client))).toBe('0')
  const receive = message('ibc.core.channel.v2.MsgRecvPacket', {
    packet,
    proofCommitment: proofBytes(tree.prove(0n)),
    proofHeight: { revisionNumber: 0n, revisionHeight: bank.slot },
    signer: bridge.relayer.address,
  })
  expect(codeOf(evm.deliver(bridge.relayer, [receive]))).toBe('0')
  return client
}

it('a claim on a line that is called like another one pays nothing of the other', async () => {
  const bridge = new SolanaBridge()
  bridge.credit(5_000_000n)
  const { trader, driver, chain } = bridge
  const thief = bridge.evm.stranger
  const client = forge(bridge, thief)
  const forged = `transfer/${client}/${bridge.path()}`
  const claimOf = (wallet: Wallet, path: string): ExitClaim & { key: Uint8Array } => {
    const recipient = bridge.openWallet()
    const parts = { sender: wallet.address, denom: voucherOf(path), recipient: recipient.toBase58() }
    expect(codeOf(bridge.evm.deliver(wallet, [message('causeway.exit.v1.MsgPublishExitClaim', parts)]))).toBe(
      '0',
    )
    const key = exitClaimKey(wallet.address, path)
    const { amount } = readExitClaim(driver.query('store/ibc/key', key).value)
    return { owner: wallet.id, recipient, amount, key }
  }
  const honest = claimOf(trader, bridge.path())
  const theft = claimOf(thief, forged)
  expect(theft.amount).toBe(1n << 62n)
  const total = readExitTotal(driver.query('store/ibc/key', exitTotalKey(bridge.path())).value)
  expect(total).toBe(honest.amount)
  // The hub dies, and the line opens
  const consensus = bridge.attest()
  const opening = openExitMessage(total, bridge.prove(exitTotalKey(bridge.path())))
  const proof = bridge.prove(theft.key)
  const asText = utf8(`${thief.address}/transfer/${client}`)
  const messages = [
    exitMessage(theft, proof),
    // A text with its length in place of the account: the thief's name, and the key goes on behind it
    concatBytes(Uint8Array.of(asText.length), asText, exitMessage(theft, proof).subarray(20)),
  ]
  const honestMessage = exitMessage(honest, bridge.prove(honest.key))
  chain.pass(29n * DAY)
  chain.send([retireInstruction(chain.core, THERE, bridge.usdc.lightState)])
  chain.send([openExitInstruction(bridge.usdc, consensus, await bridge.upload(opening, 'total'))])
  chain.pass(7n * DAY)
  const exit = (claim: ExitClaim, bytes: BufferedMessage) =>
    send(chain.svm, [exitInstruction(bridge.usdc, claim, { consensus, payer: bridge.payer }, bytes)]).error
  expect(exit(theft, await bridge.upload(messages[0]!, 'theft'))).toBe(ROOT_MISMATCH)
  expect(exit(theft, await bridge.upload(messages[1]!, 'theft of old'))).toBe(20)
  expect(exit(honest, await bridge.upload(honestMessage, 'exit'))).toBe(undefined)
  expect([theft, honest].map(({ recipient }) => bridge.held(recipient))).toEqual([0n, 5_000_000n])
})

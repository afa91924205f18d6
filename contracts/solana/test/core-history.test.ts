import { describe, expect, it } from 'vitest'
import { commitmentLeaf, createSparseTree, readRootAccount, taggedRoot } from '@causeway/light-clients'
import {
  ERROR_ACKNOWLEDGEMENT,
  SUCCESS_ACKNOWLEDGEMENT,
  packetCommitment,
  packetReceiptKey,
} from '@causeway/messaging'
import { sha256, utf8 } from '@causeway/primitives'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { rootsAddress } from '../src/generated/core.ts'
import { touchInstruction } from '../src/core/instructions.ts'
import { decodeLine, escrowAddress, lineAddress } from '../src/generated/vault.ts'
import { CLIENT, clientOf, deposit, done, openWallet, startBridge, tokensIn } from './bridge.fixture.ts'
import type { Bridge } from './bridge.fixture.ts'
import { HUB_CLIENT, START_SECONDS, exampleKey } from './hub.fixture.ts'
import { acknowledge, answerOnHub, receive, sendOnHub, timeOut, withdrawal } from './relay.fixture.ts'
import { accountData, send, setNow } from './svm.fixture.ts'

const STEPS = 40

/** Numbers below a bound from a seed. */
function numbers(seed: string): (below: number) => number {
  let state = sha256(utf8(seed))
  return (below) => {
    state = sha256(state)
    return (state[0]! + 256 * state[1]! + 65_536 * state[2]!) % below
  }
}

/** Whatever happened: roots are those of the relayer's trees, and the books are those of the tokens. */
function requireAgreement(bridge: Bridge, sent: ReturnType<typeof createSparseTree>, count: number): void {
  const data = accountData(bridge, rootsAddress(bridge.core, CLIENT))!
  const account = { lamports: 1n, data, isExecutable: false, owner: bridge.core.toBytes() }
  const roots = readRootAccount(account, bridge.core.toBytes())
  expect(roots.sent).toBe(BigInt(count))
  expect(roots.commitmentsRoot).toEqual(taggedRoot('commitments', utf8(CLIENT), sent.root()))
  expect(roots.receiptsRoot).toEqual(taggedRoot('receipts', utf8(CLIENT), bridge.receipts.root()))
  const line = lineAddress(bridge.vault, clientOf(bridge), bridge.line.mint)
  const { escrowed, claimed } = decodeLine(accountData(bridge, line)!)!
  expect(tokensIn(bridge, escrowAddress(bridge.vault, line))).toBe(escrowed + claimed)
}

describe('after any history', () => {
  it.each(['first', 'second', 'third'])(
    'roots and books are right: %s',
    { timeout: 240_000 },
    async (seed) => {
      const random = numbers(seed)
      const bridge = startBridge()
      const recipient = exampleKey().publicKey
      openWallet(bridge, recipient)
      const tree = createSparseTree()
      const open: Packet[] = []
      let [sent, now] = [0, START_SECONDS]
      for (let step = 0; step < STEPS; step++) {
        const act = random(6)
        if (act <= 1 || sent === 0) {
          const packet = deposit(bridge, BigInt(1 + random(1_000_000)), BigInt(sent + 1), now + 3_600n)
          tree.set(BigInt(sent++), commitmentLeaf(packetCommitment(packet)))
          open.push(packet)
        } else if (act === 2) {
          done(send(bridge, [touchInstruction(bridge.core, CLIENT)]))
        } else if (act === 3 && open.length > 0) {
          const [packet] = open.splice(random(open.length), 1)
          const answer = random(2) ? SUCCESS_ACKNOWLEDGEMENT : ERROR_ACKNOWLEDGEMENT
          await acknowledge(bridge, packet!, answer, answerOnHub(bridge, packet!, answer))
        } else if (act === 4 && open.length > 0) {
          const [packet] = open.splice(random(open.length), 1)
          now = now > packet!.timeoutTimestamp ? now : packet!.timeoutTimestamp
          const consensus = bridge.hub.commit([], now)
          const proof = bridge.hub.prove(packetReceiptKey(HUB_CLIENT, packet!.sequence))
          await timeOut(bridge, packet!, consensus, proof)
        } else {
          const order = {
            sequence: BigInt(1 + random(60)),
            recipient,
            amount: BigInt(1 + random(400_000)),
            timeoutSeconds: now + 3_600n,
          }
          const packet = withdrawal(bridge, order)
          await receive(bridge, packet, sendOnHub(bridge, packet), recipient)
        }
        setNow(bridge, (now += BigInt(random(30))))
        requireAgreement(bridge, tree, sent)
      }
    },
  )
})

import { Keypair } from '@solana/web3.js'
import { describe, expect, it } from 'vitest'
import { commitmentLeaf, readRootAccount, taggedRoot, verifyCommitment } from '@causeway/light-clients'
import {
  ERROR_ACKNOWLEDGEMENT,
  SUCCESS_ACKNOWLEDGEMENT,
  acknowledgementCommitment,
  packetAcknowledgementKey,
  packetReceiptKey,
} from '@causeway/messaging'
import { utf8 } from '@causeway/primitives'
import { packetAddress, rootsAddress } from '../src/generated/core.ts'
import { CLIENT, HELD, balanceOf, deposit, openWallet, startBridge } from './bridge.fixture.ts'
import type { Bridge } from './bridge.fixture.ts'
import { START_SECONDS } from './hub.fixture.ts'
import {
  acknowledge,
  answerOf,
  answerOnHub,
  receive,
  sendOnHub,
  timeOut,
  withdrawal,
} from './relay.fixture.ts'
import { accountData, lamportsOf, setNow } from './svm.fixture.ts'

function roots({ core, svm: _, ...rest }: Bridge) {
  const data = accountData({ svm: _, payer: rest.payer }, rootsAddress(core, CLIENT))!
  return readRootAccount({ lamports: 1n, data, isExecutable: false, owner: core.toBytes() }, core.toBytes())
}

describe('a withdrawal', () => {
  it('is paid once, and its answer is provable', async () => {
    const bridge = startBridge()
    deposit(bridge, 4_000_000n, 1n)
    const recipient = Keypair.generate().publicKey
    openWallet(bridge, recipient)
    const packet = withdrawal(bridge, { sequence: 5n, recipient, amount: 1_000_000n })
    const sent = await receive(bridge, packet, sendOnHub(bridge, packet), recipient)
    expect(sent).toMatchObject({ error: undefined })
    expect(answerOf(bridge, sent)).toBe('success')
    expect(balanceOf(bridge, recipient)).toBe(1_000_000n)
    const commitment = acknowledgementCommitment([SUCCESS_ACKNOWLEDGEMENT])
    const path = [packetAcknowledgementKey(CLIENT, 5n)]
    verifyCommitment(roots(bridge), path, commitment, bridge.receipts.prove(4n))
    const again = await receive(bridge, packet, sendOnHub(bridge, packet), recipient, {
      leaf: commitmentLeaf(commitment),
    })
    expect(again.error).toBe(undefined)
    expect(answerOf(bridge, again)).toBe(undefined)
    expect(balanceOf(bridge, recipient)).toBe(1_000_000n)
  })

  it('comes in any order, and the tree follows', async () => {
    const bridge = startBridge()
    deposit(bridge, 100_000_000n, 1n)
    const recipient = Keypair.generate().publicKey
    openWallet(bridge, recipient)
    for (const sequence of [7n, 1n, 4_294_967_296n, 3n]) {
      const packet = withdrawal(bridge, { sequence, recipient, amount: 1_000n })
      expect(await receive(bridge, packet, sendOnHub(bridge, packet), recipient)).toMatchObject({
        error: undefined,
      })
      const root = taggedRoot('receipts', utf8(CLIENT), bridge.receipts.root())
      expect(roots(bridge).receiptsRoot).toEqual(root)
    }
    expect(balanceOf(bridge, recipient)).toBe(4_000n)
  })
})

describe('a deposit', () => {
  it("ends with the hub's answer, and its rent comes back", async () => {
    const bridge = startBridge()
    const packet = deposit(bridge, 4_000_000n, 1n)
    const place = packetAddress(bridge.core, CLIENT, 1n)
    const consensus = answerOnHub(bridge, packet, SUCCESS_ACKNOWLEDGEMENT)
    expect(lamportsOf(bridge, place)).toBeGreaterThan(0n)
    expect(await acknowledge(bridge, packet, SUCCESS_ACKNOWLEDGEMENT, consensus)).toMatchObject({
      error: undefined,
    })
    expect(accountData(bridge, place)).toBe(undefined)
    expect(lamportsOf(bridge, place)).toBe(0n)
    const again = await acknowledge(bridge, packet, SUCCESS_ACKNOWLEDGEMENT, consensus)
    expect(again.error).toBe(undefined)
    expect(balanceOf(bridge, bridge.owner.publicKey)).toBe(HELD - 4_000_000n)
  })

  it('that the hub refused is refunded once', async () => {
    const bridge = startBridge()
    const packet = deposit(bridge, 4_000_000n, 1n)
    const consensus = answerOnHub(bridge, packet, ERROR_ACKNOWLEDGEMENT)
    for (let times = 0; times < 2; times++) {
      const sent = await acknowledge(bridge, packet, ERROR_ACKNOWLEDGEMENT, consensus)
      expect(sent).toMatchObject({ error: undefined })
      expect(balanceOf(bridge, bridge.owner.publicKey)).toBe(HELD)
    }
  })

  it('that timed out is refunded, by proof at or past the timeout that there is no receipt', async () => {
    const bridge = startBridge()
    const packet = deposit(bridge, 4_000_000n, 1n)
    const key = packetReceiptKey(packet.destinationClient, 1n)
    const early = bridge.hub.commit([], packet.timeoutTimestamp - 1n)
    const proof = () => bridge.hub.prove(key)
    setNow(bridge, START_SECONDS + 7_200n)
    expect((await timeOut(bridge, packet, early, proof())).error).toBe(107)
    const late = bridge.hub.commit([], packet.timeoutTimestamp)
    const sent = await timeOut(bridge, packet, late, proof())
    expect(sent).toMatchObject({ error: undefined })
    expect(balanceOf(bridge, bridge.owner.publicKey)).toBe(HELD)
    expect((await timeOut(bridge, packet, late, proof())).error).toBe(undefined)
    expect(balanceOf(bridge, bridge.owner.publicKey)).toBe(HELD)
  })
})

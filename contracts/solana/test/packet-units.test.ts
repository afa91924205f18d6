import { expect, it } from 'vitest'
import { ERROR_ACKNOWLEDGEMENT, SUCCESS_ACKNOWLEDGEMENT, packetReceiptKey } from '@causeway/messaging'
import { touchInstruction } from '../src/core/instructions.ts'
import { depositInstruction } from '../src/vault/instructions.ts'
import { CLIENT, HUB_ACCOUNT, deposit, done, openWallet, startBridge } from './bridge.fixture.ts'
import { HUB_CLIENT, START_SECONDS, exampleKey } from './hub.fixture.ts'
import { acknowledge, answerOnHub, receive, sendOnHub, timeOut, withdrawal } from './relay.fixture.ts'
import { send, setNow } from './svm.fixture.ts'

it('compute units of packets are those of the snapshot, each below 200,000', async () => {
  const bridge = startBridge()
  const { owner, payer, line } = bridge
  const order = {
    amount: 400_000_000n,
    timeoutSeconds: START_SECONDS + 3_600n,
    receiver: HUB_ACCOUNT,
    memo: '',
  }
  const depositing = (sequences: bigint[]) => {
    const from = { depositor: owner.publicKey, payer: payer.publicKey, sequences }
    return done(send(bridge, [depositInstruction(line, order, from)], [owner])).computeUnits
  }
  const units: Record<string, number> = {
    depositFirst: depositing([1n]),
    depositOneOfFourAccounts: depositing([1n, 2n, 3n, 4n]),
  }
  const [answered, refused, late] = [3n, 4n, 5n].map((sequence) => deposit(bridge, 5n, sequence))
  const recipient = exampleKey().publicKey
  openWallet(bridge, recipient)
  const withdraw = async (sequence: bigint, amount: bigint) => {
    const packet = withdrawal(bridge, { sequence, recipient, amount })
    return done(await receive(bridge, packet, sendOnHub(bridge, packet), recipient)).computeUnits
  }
  units['receivePaid'] = await withdraw(1n, 1_000_000n)
  units['receivePaidNext'] = await withdraw(2n, 1_000_000n)
  units['receiveWaits'] = await withdraw(3n, 600_000_000n)
  units['receiveRefused'] = await withdraw(4n, 9_000_000_000n)
  const success = answerOnHub(bridge, answered!, SUCCESS_ACKNOWLEDGEMENT)
  units['acknowledge'] = done(
    await acknowledge(bridge, answered!, SUCCESS_ACKNOWLEDGEMENT, success),
  ).computeUnits
  const error = answerOnHub(bridge, refused!, ERROR_ACKNOWLEDGEMENT)
  units['acknowledgeRefund'] = done(
    await acknowledge(bridge, refused!, ERROR_ACKNOWLEDGEMENT, error),
  ).computeUnits
  setNow(bridge, START_SECONDS + 7_200n)
  const consensus = bridge.hub.commit([], START_SECONDS + 7_200n)
  const proof = bridge.hub.prove(packetReceiptKey(HUB_CLIENT, 5n))
  units['timeoutRefund'] = done(await timeOut(bridge, late!, consensus, proof)).computeUnits
  units['touch'] = done(send(bridge, [touchInstruction(bridge.core, CLIENT)])).computeUnits
  for (const used of Object.values(units)) expect(used).toBeLessThan(200_000)
  await expect(`${JSON.stringify(units, undefined, 2)}\n`).toMatchFileSnapshot('../snapshots/packets.json')
})

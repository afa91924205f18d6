import { CollateralVault, IbcCore } from '@causeway/contracts-evm'
import { packetCommitment, packetCommitmentKey } from '@causeway/messaging'
import { utf8 } from '@causeway/primitives'
import { bytesToHex, defineChain, getContractAddress, hexToBytes, parseEventLogs, type Hex } from 'viem'
import {
  createWalletClient,
  http,
  type PrivateKeyAccount,
  type PublicClient,
  type TransactionReceipt,
} from 'viem'
import { requireShanghaiContracts } from './shanghai-contracts.ts'

/** A deposit that a vault sent a packet for. */
export interface SentDeposit {
  /** Where the commitment stands: the core's address. */
  readonly core: Hex
  readonly blockNumber: bigint
  /** The key of its commitment, and what stands there. */
  readonly path: Uint8Array
  readonly commitment: Uint8Array
}

/** Waits until a transaction is in a block. */
export type Mined = (hash: Hex) => Promise<TransactionReceipt>

const GAS = 9_000_000n

/** Deploys core and vault on a chain that nobody else uses yet, and deposits ether through them. */
export async function depositEther(
  node: PublicClient,
  account: PrivateKeyAccount,
  mined: Mined,
  deposit: { chainId: number; rpcUrl: string; receiver: string; hubClientId: string; value: bigint },
): Promise<SentDeposit> {
  const chain = defineChain({
    id: deposit.chainId,
    name: 'proof of stake',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [deposit.rpcUrl] } },
  })
  const wallet = createWalletClient({ account, chain, transport: http() })
  const at = (nonce: bigint) => getContractAddress({ from: account.address, nonce })
  const to = { wrappedEther: at(0n), hubClient: at(1n), clearing: at(2n), vault: at(3n), core: at(4n) }
  const code = await requireShanghaiContracts()
  const none = `0x${'00'.repeat(20)}` as const
  const wiring = {
    ...{ core: to.core, clearingPort: to.clearing, standbyLines: none },
    ...{ wrappedEther: to.wrappedEther, permit2: none },
  }
  const limit = { shareBps: 10_000, windowSeconds: 3_600, floor: 10n ** 24n }
  const counterparty = {
    clientId: deposit.hubClientId,
    merklePrefix: [bytesToHex(utf8('ibc')), '0x'] as Hex[],
  }
  const core = { abi: IbcCore.abi, bytecode: code.ibcCore }
  const vault = { abi: CollateralVault.abi, bytecode: code.collateralVault }
  const gas = GAS
  for (const hash of [
    await wallet.deployContract({ abi: [], bytecode: code.wrappedEther, nonce: 0, gas }),
    await wallet.deployContract({ abi: [], bytecode: ALWAYS_ACTIVE, nonce: 1, gas }),
    await wallet.deployContract({ abi: [], bytecode: clearingOf(to.core), nonce: 2, gas }),
    await wallet.deployContract({ ...vault, args: [wiring, limit, []], nonce: 3, gas }),
    await wallet.deployContract({
      ...{ ...core, args: [to.vault, to.clearing, counterparty, to.hubClient], nonce: 4, gas },
    }),
  ]) {
    const { status } = await mined(hash)
    if (status !== 'success') throw new Error('a contract was not deployed')
  }
  const { timestamp } = await node.getBlock()
  const receipt = await mined(
    await wallet.writeContract({
      ...{ address: to.vault, abi: CollateralVault.abi, functionName: 'depositETH', gas: 1_000_000n },
      ...{ args: ['client-0', deposit.receiver, timestamp + 3_600n, ''], value: deposit.value },
    }),
  )
  return sentDeposit(receipt, to.core)
}

function sentDeposit(receipt: TransactionReceipt, core: Hex): SentDeposit {
  const [sent] = parseEventLogs({ abi: IbcCore.abi, logs: receipt.logs, eventName: 'SendPacket' })
  if (!sent) throw new Error(`the deposit sent no packet: ${receipt.status}`)
  const { packet } = sent.args
  const commitment = packetCommitment({
    destinationClient: packet.destClient,
    timeoutTimestamp: packet.timeoutTimestamp,
    payloads: packet.payloads.map(({ destPort, value, ...payload }) => ({
      ...payload,
      destinationPort: destPort,
      value: hexToBytes(value),
    })),
  })
  const path = packetCommitmentKey(packet.sourceClient, packet.sequence)
  return { core, blockNumber: receipt.blockNumber, path, commitment }
}

/*
 * This chain knows no BLS precompiles, by which the hub's attestations are verified. What is shown here goes
 * the other way: two contracts of a few bytes stand for what the core wants to be there.
 */

/** A light client that is active at time 0: it answers every call with two words of zero. */
const ALWAYS_ACTIVE: Hex = '0x6360405ff35f526004601cf3'

/** An application that names the core, and nothing else. */
function clearingOf(core: Hex): Hex {
  return `0x7a73${core.slice(2)}5f5260205ff35f52601b6005f3`
}

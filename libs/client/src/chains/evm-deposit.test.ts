// Deposits from an Ethereum (anvil) with the contracts of contracts/evm: by permit, by approval, of ether.
import { CollateralVault, IbcCore } from '@causeway/contracts-evm'
import { createPublicClient, createWalletClient, http, toFunctionSelector, toEventSelector } from 'viem'
import type { AbiFunction } from 'viem'
import { anvil } from 'viem/chains'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ETHEREUM_ADDRESSES, ethereumAccount } from '../../../../apps/devnet/src/chains/ethereum-accounts.ts'
import { contractAddresses } from '../../../../apps/devnet/src/contracts/addresses.ts'
import { deployBridge } from '../../../../apps/devnet/src/contracts/deploy-bridge.ts'
import { deployTokens } from '../../../../apps/devnet/src/contracts/deploy-tokens.ts'
import { createDeployer } from '../../../../apps/devnet/src/contracts/deployer.ts'
import { openEthereum } from '../../../../apps/devnet/src/ethereum/ethereum.fixture.ts'
import type { TestEthereum } from '../../../../apps/devnet/src/ethereum/ethereum.fixture.ts'
import { evmWallet } from '../wallets/evm-wallet.ts'
import type { EvmChain } from './config.ts'
import { depositOnEvm } from './evm-deposit.ts'
import { CORE_ABI, VAULT_ABI } from './vault-abi.ts'

const { deployer: DEPLOYER, trader: TRADER } = ETHEREUM_ADDRESSES
const { vault, core, usdc, wrappedEther } = contractAddresses(DEPLOYER)
const RECEIVER = 'cway1w508d6qejxtdg4y5r3zarvary0c5xw7kd4kfht/3'
const WORD = `0x${'11'.repeat(32)}` as const
const DOLLARS = { symbol: 'USDC', address: usdc, decimals: 6 } as const
let ethereum: TestEthereum
let chain: EvmChain
let slot = 0

beforeAll(async () => {
  ethereum = await openEthereum()
  const { rpcUrl } = ethereum.anvil
  for (const address of [DEPLOYER, TRADER]) await ethereum.execution.setBalance(address, 10n ** 19n)
  const deployer = createDeployer(rpcUrl, ethereumAccount('deployer', rpcUrl))
  const attestation = { height: 2n, timeSeconds: 1_700_000_000n, appHash: WORD, nextSetHash: WORD }
  const hub = { chainId: 'causeway-1', clientId: 'ethereum-1', attestation, setHash: WORD }
  await during(deployTokens(deployer, TRADER, 1_000_000_000n))
  await during(deployBridge(deployer, hub))
  chain = {
    kind: 'evm',
    id: 'eip155:31337',
    rpc: rpcUrl,
    client: 'client-0',
    hubClient: 'ethereum-1',
    vault,
    core,
    tokens: [DOLLARS],
  }
})
afterAll(() => ethereum.close())

/** Makes slots until something is done. */
async function during<Result>(work: Promise<Result>): Promise<Result> {
  let isDone = false
  const done = () => void (isDone = true)
  work.then(done, done)
  while (!isDone) await ethereum.producer.produce((slot += 1))
  return await work
}

const order = (amount: bigint) => {
  // The devnet's chain lives in its own time.
  return { amount, receiver: RECEIVER, timeoutSeconds: 1_700_000_000n + 86_000n }
}
const trader = () => evmWallet(ethereumAccount('trader', chain.rpc))
const client = () => createPublicClient({ chain: anvil, transport: http(chain.rpc) })
const escrowed = async (token: `0x${string}`) =>
  await client().readContract({
    address: token,
    abi: [
      {
        type: 'function',
        name: 'balanceOf',
        stateMutability: 'view',
        inputs: [{ type: 'address' }],
        outputs: [{ type: 'uint256' }],
      },
    ],
    functionName: 'balanceOf',
    args: [vault],
  })

describe('the ABI', () => {
  it('is that of the contracts', () => {
    const selectors = (abi: readonly { type: string }[]) =>
      abi.filter(({ type }) => type === 'function').map((item) => toFunctionSelector(item as AbiFunction))
    const theirs = selectors(CollateralVault.abi)
    for (const selector of selectors(VAULT_ABI)) expect(theirs).toContain(selector)
    const event = IbcCore.abi.find((item) => item.type === 'event' && item.name === 'SendPacket')!
    expect(toEventSelector(CORE_ABI.find((item) => item.type === 'event')!)).toBe(toEventSelector(event))
  })
})

describe('a deposit', () => {
  it('with a permit is one transaction and one packet', async () => {
    const token = { ...DOLLARS, permit: { name: 'USD Coin', version: '1' } }
    const sent = await during(depositOnEvm(chain, token, trader(), order(5_000_000n)))
    expect(sent).toMatchObject({ sequence: '1' })
    expect(await escrowed(usdc)).toBe(5_000_000n)
  })

  it('without one approves just its amount', async () => {
    const sent = await during(depositOnEvm(chain, DOLLARS, trader(), order(2_000_000n)))
    expect(sent.sequence).toBe('2')
    expect(await escrowed(usdc)).toBe(7_000_000n)
  })

  it('of ether goes in wrapped, from a wallet client as from an account', async () => {
    const account = ethereumAccount('trader', chain.rpc)
    const wallet = evmWallet(createWalletClient({ account, chain: anvil, transport: http(chain.rpc) }))
    const ether = { symbol: 'ETH', address: wrappedEther, decimals: 18, native: true } as const
    const sent = await during(depositOnEvm(chain, ether, wallet, order(10n ** 17n)))
    expect(sent.sequence).toBe('3')
    expect(await escrowed(wrappedEther)).toBe(10n ** 17n)
  })

  it('that the chain would refuse is not sent', async () => {
    const failing = async (work: Promise<unknown>) =>
      await work.then(
        () => 'nothing',
        (error: { codespace: string; code: number }) => `${error.codespace}/${error.code}`,
      )
    const token = { ...DOLLARS, permit: { name: 'USD Coin', version: '1' } }
    expect(await failing(depositOnEvm(chain, token, trader(), order(10n ** 15n)))).toBe('client/60')
    const other = { ...chain, id: 'eip155:1' }
    expect(await failing(depositOnEvm(other, token, trader(), order(1n)))).toBe('client/4')
    const noChain = { ...chain, id: 'zone-1' }
    expect(await failing(depositOnEvm(noChain, token, trader(), order(1n)))).toBe('client/20')
    const gone = { ...chain, rpc: 'http://127.0.0.1:1' }
    expect(await failing(depositOnEvm(gone, token, trader(), order(1n)))).toBe('client/1')
  })
})

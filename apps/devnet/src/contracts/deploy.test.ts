import { readFileSync } from 'node:fs'
import { createPublicClient, http } from 'viem'
import { anvil } from 'viem/chains'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TOKENS_PATH, generateTokens } from '../../scripts/generate-tokens.ts'
import { ETHEREUM_ADDRESSES, ethereumAccount } from '../chains/ethereum-accounts.ts'
import type { EthereumRole } from '../chains/ethereum-accounts.ts'
import { openEthereum } from '../ethereum/ethereum.fixture.ts'
import type { TestEthereum } from '../ethereum/ethereum.fixture.ts'
import { contractAddresses } from './addresses.ts'
import { deployTokens } from './deploy-tokens.ts'
import { createDeployer } from './deployer.ts'
import { TestUsdc, WrappedEther } from './generated/tokens.ts'

const LOCAL = 'http://127.0.0.1:8545'
const { deployer: DEPLOYER, trader: TRADER } = ETHEREUM_ADDRESSES

describe('the accounts of the devnet Ethereum', () => {
  it.each(['trader', 'relayer', 'deployer'] as const)(
    'of the %s are those of their keys',
    (role: EthereumRole) => {
      expect(ethereumAccount(role, LOCAL).address.toLowerCase()).toBe(ETHEREUM_ADDRESSES[role])
    },
  )

  it('are refused for other machines', () => {
    expect(() => ethereumAccount('trader', 'https://rpc.example.org')).toThrow('devnet only')
  })
})

describe('the tokens', () => {
  let ethereum: TestEthereum

  beforeAll(async () => {
    ethereum = await openEthereum()
    await ethereum.execution.setBalance(DEPLOYER, 10n ** 18n)
  })

  afterAll(() => ethereum.close())

  it('are compiled from what stands here', () => {
    expect(readFileSync(TOKENS_PATH, 'utf8')).toBe(generateTokens())
  }, 60_000)

  it('are created where they were foretold', async () => {
    const { rpcUrl } = ethereum.anvil
    const deployer = createDeployer(rpcUrl, ethereumAccount('deployer', rpcUrl))
    const deploying = deployTokens(deployer, TRADER, 1_000_000n)
    let isDone = false
    void deploying.finally(() => (isDone = true))
    for (let slot = 1; !isDone; slot += 1) await ethereum.producer.produce(slot)
    await deploying
    const { usdc, wrappedEther } = contractAddresses(DEPLOYER)
    const client = createPublicClient({ chain: anvil, transport: http(rpcUrl) })
    const read = (functionName: 'decimals' | 'symbol' | 'name') =>
      client.readContract({ address: usdc, abi: TestUsdc.abi, functionName })
    expect([await read('name'), await read('symbol'), await read('decimals')]).toEqual([
      'USD Coin',
      'USDC',
      6,
    ])
    const balance = { address: usdc, abi: TestUsdc.abi, functionName: 'balanceOf', args: [TRADER] } as const
    expect(await client.readContract(balance)).toBe(1_000_000n)
    const weth = { address: wrappedEther, abi: WrappedEther.abi } as const
    expect(await client.readContract({ ...weth, functionName: 'symbol' })).toBe('WETH')
  })

  it('that can not be created are told', async () => {
    const { rpcUrl } = ethereum.anvil
    const deployer = createDeployer(rpcUrl, ethereumAccount('deployer', rpcUrl))
    const artifact = { abi: [], bytecode: '0xfe' } as const // an invalid instruction
    const deploying = deployer.deploy([{ name: 'hubClient', artifact, arguments: [] }])
    const failed = expect(deploying).rejects.toThrow('contract hubClient was not created')
    let isDone = false
    void failed.finally(() => (isDone = true))
    while (!isDone) await ethereum.producer.produce(ethereum.chain.head.slot + 1)
    await failed
  })
})

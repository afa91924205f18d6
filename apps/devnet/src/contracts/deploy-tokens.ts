import type { Hex } from 'viem'
import type { Deployer } from './deployer.ts'
import { TestUsdc, WrappedEther } from './generated/tokens.ts'

/** Creates the test dollar, all of it the holder's, in its base units, and wrapped ether. */
export async function deployTokens(deployer: Deployer, holder: Hex, supply: bigint): Promise<void> {
  await deployer.deploy([
    { name: 'usdc', artifact: TestUsdc, arguments: [holder, supply] },
    { name: 'wrappedEther', artifact: WrappedEther, arguments: [] },
  ])
}

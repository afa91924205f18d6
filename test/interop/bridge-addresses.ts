import { getContractAddress } from 'viem'
import type { Hex } from 'viem'

/** Addresses of a deployment. */
export interface Deployment {
  readonly wrappedEther: Hex
  readonly hubClient: Hex
  readonly vault: Hex
  readonly standbyLines: Hex
  readonly clearingPort: Hex
  readonly core: Hex
}

/** Where a deployer that has sent nothing yet puts the contracts, in this order. */
export function predictDeployment(deployer: Hex): Deployment {
  const at = (nonce: bigint) => getContractAddress({ from: deployer, nonce }).toLowerCase() as Hex
  const [wrappedEther, hubClient, vault] = [at(0n), at(1n), at(2n)]
  return { wrappedEther, hubClient, vault, standbyLines: at(3n), clearingPort: at(4n), core: at(5n) }
}

import { ClearingPort, CollateralVault, HubClient, IbcCore, StandbyLines } from '@causeway/contracts-evm'
import type { Abi } from 'viem'

/** IBC v2 on the EVM. Names and shapes: solidity-ibc-eureka. */
export const CORE_ABI = IbcCore.abi

/** The hub's client on the EVM. */
export const HUB_CLIENT_ABI = HubClient.abi

/** Creation code of the hub's client. */
export const HUB_CLIENT_CODE = HubClient.bytecode

/** Errors that a relayed message may revert with: the core's, its client's and those of applications. */
export const CONTRACT_ERRORS: Abi = [IbcCore, HubClient, CollateralVault, ClearingPort, StandbyLines].flatMap(
  ({ abi }) => (abi as Abi).filter((item) => item.type === 'error'),
)

import {
  PRESETS,
  blstScheme,
  createSyncAggregateVerifier,
  type ChainConfig,
  type Fork,
} from '@causeway/light-clients'
import { fromHex } from '@causeway/primitives'

/** Native verification, with committees decoded once a run. */
export const verifySyncAggregate = createSyncAggregateVerifier(blstScheme)

/** Ethereum mainnet. Spec: consensus-specs configs/mainnet.yaml. */
export const MAINNET: ChainConfig = {
  ...PRESETS.mainnet,
  genesisValidatorsRoot: fromHex('4b363db94e286120d76eb905340fdd4e54bfe9f06bf33ff6cf5ad27f511bfe95'),
  forks: [
    fork('phase0', 0n, '00000000'),
    fork('altair', 74240n, '01000000'),
    fork('bellatrix', 144896n, '02000000'),
    fork('capella', 194048n, '03000000'),
    fork('deneb', 269568n, '04000000'),
    fork('electra', 364032n, '05000000'),
    fork('fulu', 411392n, '06000000'),
  ],
}

/** One fork of a schedule. */
export function fork(name: Fork['name'], epoch: bigint, versionHex: string): Fork {
  return { name, epoch, version: fromHex(versionHex) }
}

import { beaconApiFormat } from './ethereum/beacon-api-format.ts'
import { bellatrixFormat } from './ethereum/bellatrix-format.ts'
import { blsFormat } from './ethereum/bls-format.ts'
import { consensusSpecFormat } from './ethereum/consensus-spec-format.ts'
import { getProofFormat } from './ethereum/get-proof-format.ts'
import { eurekaEthereumFormat } from './ethereum/eureka-ethereum-format.ts'
import { rlpFormat } from './ethereum/rlp-format.ts'
import { trieFormat } from './ethereum/trie-format.ts'
import { ed25519Format } from './formats/ed25519.ts'
import { eurekaTendermintFormat } from './formats/eureka-tendermint.ts'
import { ibcPacketsFormat } from './formats/ibc-packets.ts'
import { ics23ProofFormat } from './formats/ics23-proof.ts'
import { ics23TableFormat } from './formats/ics23-table.ts'
import { lightClientBisectionFormat } from './formats/light-client-bisection.ts'
import { lightClientStepFormat } from './formats/light-client-step.ts'
import { marginFormat } from './formats/margin.ts'
import { optionPricesFormat } from './formats/option-prices.ts'
import { sviFormat } from './formats/svi.ts'
import { latticeHashFormat } from './solana/lattice-hash-format.ts'
import { solanaSlotsFormat } from './solana/solana-slots-format.ts'
import type { VectorFormat } from './vector-file.ts'
import type { FolderFormat } from './vector-folder.ts'

/**
 * Every format that is built; the first that recognises a file takes it. A new one is a file and a line here.
 */
export const formats: readonly VectorFormat[] = [
  ics23ProofFormat,
  ics23TableFormat,
  lightClientStepFormat,
  lightClientBisectionFormat,
  eurekaTendermintFormat,
  ed25519Format,
  ibcPacketsFormat,
  beaconApiFormat,
  bellatrixFormat,
  blsFormat,
  eurekaEthereumFormat,
  rlpFormat,
  trieFormat,
  optionPricesFormat,
  sviFormat,
  marginFormat,
  solanaSlotsFormat,
  latticeHashFormat,
]

/** Formats whose unit is a folder; they are asked before those of single files. */
export const folderFormats: readonly FolderFormat[] = [consensusSpecFormat, getProofFormat]

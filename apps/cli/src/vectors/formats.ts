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
import type { VectorFormat } from './vector-file.ts'

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
  optionPricesFormat,
  sviFormat,
  marginFormat,
]

import type { BlsG1Scheme } from '@causeway/light-clients'
import type { AsideRecords } from '../../block/aside-records.ts'
import type { Context, ReadContext } from '../../block/context.ts'

/** A validator that signs attestations. */
export interface HubAttestor {
  /** 20-byte account. */
  readonly operator: Uint8Array
  /** 20-byte address of the consensus key. */
  readonly consensusAddress: Uint8Array
  /** 192 bytes; possession was proven at registration, and no key is registered twice. */
  readonly key: Uint8Array
  readonly power: bigint
}

/** What attestation asks of staking. */
export interface AttestorPorts {
  /**
   * Who attests a height, in the order of the set, at most two heights above the context's; empty where
   * nobody has a BLS key.
   */
  attestorsAt(context: ReadContext, height: bigint): readonly HubAttestor[]
  /** For so long whoever left can be slashed for what it signed. */
  unbondingSeconds(context: ReadContext): bigint
  /** Slashes and tombstones; false when nothing happens. */
  slashForFalseAttestation(context: Context, operator: Uint8Array, infractionHeight: bigint): boolean
}

/** A validator's BLS key that is here. */
export interface AttestationSigner {
  /** 192 bytes. */
  readonly key: Uint8Array
  /** Signs an attestation's bytes: 96 bytes. */
  sign(bytes: Uint8Array): Uint8Array
}

/** What attestation is made with. */
export interface AttestationOptions {
  readonly scheme: BlsG1Scheme
  readonly attestors: AttestorPorts
  /** Of the validators that vote here. */
  readonly signers: readonly AttestationSigner[]
  /** Where aggregates are kept. */
  readonly aside: AsideRecords
  /** For how many heights every aggregate is kept: as long as the state that it proves. */
  readonly keepAggregates: bigint
}

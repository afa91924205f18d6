// A hub whose validators attest, driven block by block.
import {
  ATTESTATION_DOMAIN,
  attestationBytes,
  createHubClient,
  loadMclG1Scheme,
} from '@causeway/light-clients'
import type { AttestationHeader, AttestationMessage, HubClientState } from '@causeway/light-clients'
import {
  QueryAttestationRequest,
  QueryAttestationResponse,
  QueryAttestorSetRequest,
  QueryAttestorSetResponse,
} from '@causeway/protocol/causeway/attestation/v1/query'
import { MsgSubmitAttestationEvidence } from '@causeway/protocol/causeway/attestation/v1/tx'
import { createMemoryStorage } from '@causeway/state-tree'
import { compareBytes, sha256, utf8 } from '@causeway/primitives'
import { createHubApplication } from '../../app.ts'
import type { HubApplicationOptions } from '../../app.ts'
import type { GenesisStake } from '../../genesis/stake-state.ts'
import { Driver } from '../../testing/driver.fixture.ts'
import { hubOptions } from '../../testing/hub.fixture.ts'
import { blsSecret, genesisValidator, stakedGenesis } from '../../testing/staked-hub.fixture.ts'
import { testValidators } from '../../testing/validators.fixture.ts'
import type { TestValidator } from '../../testing/validators.fixture.ts'
import { Wallet } from '../../testing/wallet.fixture.ts'
import type { SignOptions } from '../../testing/wallet.fixture.ts'
import type { AttestationSigner } from './ports.ts'

/** The fast scheme, ready. */
export const bls = await loadMclG1Scheme()

/** A validator that attests. */
export interface AttestingValidator extends TestValidator {
  readonly name: string
  readonly blsSecret: Uint8Array
}

/** What a test says of its hub beside powers. */
export interface AttestedHubOptions {
  readonly overrides?: Partial<HubApplicationOptions>
  readonly stake?: Partial<GenesisStake>
  /** Wallets with funds; the submitter of evidence is one more. */
  readonly wallets?: readonly Wallet[]
  /** What a validator's signature becomes; nothing for a validator without a key. */
  readonly tamper?: (validator: AttestingValidator, signature: Uint8Array, bytes: Uint8Array) => Uint8Array
}

/** Validators with BLS keys, in the order of the set; power 0 = not at genesis. */
export function attestingValidators(powers: readonly bigint[]): AttestingValidator[] {
  return testValidators(powers)
    .map((validator, i) => ({ ...validator, name: `v${i}`, blsSecret: blsSecret(`v${i}`) }))
    .sort((a, b) => compareBytes(a.publicKey, b.publicKey))
}

/** Signers of these validators, as a node has them. */
export function signersOf(
  validators: readonly AttestingValidator[],
  tamper: AttestedHubOptions['tamper'] = (_, signature) => signature,
): AttestationSigner[] {
  return validators.map((validator) => ({
    key: bls.publicKey(validator.blsSecret),
    sign: (bytes) => tamper(validator, bls.sign(validator.blsSecret, bytes, ATTESTATION_DOMAIN), bytes),
  }))
}

/** A hub at genesis whose validators attest, with what tests ask of it. */
export function attestedHub(powers: readonly bigint[], options: AttestedHubOptions = {}) {
  const validators = attestingValidators(powers)
  const submitter = new Wallet('submitter')
  const wallets = [submitter, ...(options.wallets ?? [])]
  const storage = options.overrides?.storage ?? createMemoryStorage()
  const attestationSigners = signersOf(validators, options.tamper)
  const overrides = { bls, attestationSigners, ...options.overrides }
  const hub = createHubApplication(hubOptions(storage, overrides))
  const driver = new Driver(hub, validators)
  for (const [i, wallet] of wallets.entries()) wallet.accountNumber = BigInt(i + 1)
  const genesis = stakedGenesis(wallets, {
    validators: validators
      .filter(({ power }) => power > 0n)
      .map(({ name, publicKey, power }) => genesisValidator(name, publicKey, power)),
    ...options.stake,
  })
  driver.initChain(genesis)
  return { hub, driver, validators, submitter, wallets, storage, genesis, ...asks(driver, submitter) }
}

function asks(driver: Driver, submitter: Wallet) {
  const attestation = (height = 0n) =>
    driver.query(
      '/causeway.attestation.v1.Query/Attestation',
      QueryAttestationRequest.encode({ height }).finish(),
    )
  const attestorSet = (height = 0n) =>
    driver.query(
      '/causeway.attestation.v1.Query/AttestorSet',
      QueryAttestorSetRequest.encode({ height }).finish(),
    )
  return {
    blocks: (count: number) => {
      for (let i = 0; i < count; i++) driver.block()
    },
    codeOfAttestation: (height: bigint) => attestation(height).code,
    header: (height = 0n): AttestationHeader => headerOf(attestation(height).value),
    set: (height = 0n) => QueryAttestorSetResponse.decode(attestorSet(height).value),
    codeOfSet: (height: bigint) => attestorSet(height).code,
    /** Submits evidence in a block of its own; the transaction's code, 0 when somebody was slashed. */
    accuse: (
      message: AttestationMessage,
      signers: readonly AttestingValidator[],
      signOptions: SignOptions & { keys?: readonly Uint8Array[]; signature?: Uint8Array } = {},
    ) => {
      const value = MsgSubmitAttestationEvidence.encode({
        submitter: submitter.address,
        height: message.height,
        timeSeconds: message.timeSeconds,
        appHash: message.appHash,
        nextSetHash: message.nextSetHash,
        keys: [...(signOptions.keys ?? signers.map((signer) => bls.publicKey(signer.blsSecret)))],
        signature: signOptions.signature ?? signedBy(signers, message),
      }).finish()
      const typeUrl = '/causeway.attestation.v1.MsgSubmitAttestationEvidence'
      const tx = submitter.sign([{ typeUrl, value }], {
        gasLimit: 5_000_000n,
        fee: [{ denom: 'ucway', amount: '200000' }],
        ...signOptions,
      })
      const admitted = driver.submit(tx)
      if (admitted.code !== 0) throw new Error(`${admitted.codespace}/${admitted.code}: ${admitted.log}`)
      const { txResults } = driver.block()
      return txResults.at(-1)!
    },
  }
}

/** The aggregate of these validators over an attestation. */
export function signedBy(signers: readonly AttestingValidator[], message: AttestationMessage): Uint8Array {
  const bytes = attestationBytes(message)
  return bls.addSignatures(signers.map((signer) => bls.sign(signer.blsSecret, bytes, ATTESTATION_DOMAIN)))!
}

/** A header as `Query/Attestation` answers it. */
export function headerOf(value: Uint8Array): AttestationHeader {
  const { header } = QueryAttestationResponse.decode(value)
  const { timeSeconds, appHash, nextSetHash } = header!.attestation!
  return {
    message: { chainId: 'causeway-1', height: header!.height, timeSeconds, appHash, nextSetHash },
    set: header!.set!,
    absentees: header!.absentees,
    signature: header!.signature,
  }
}

/** A client of the hub that trusts one header, as a relayer would open it. */
export function clientOf(header: AttestationHeader, setHash: Uint8Array): HubClientState {
  return createHubClient(
    { ...header.message, setHash },
    { trustingPeriodSeconds: 500n, maxClockDriftSeconds: 30n },
  )
}

/** Another attestation of the same height. */
export function forged(message: AttestationMessage): AttestationMessage {
  return { ...message, appHash: sha256(utf8('forged')) }
}

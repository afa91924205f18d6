export { ATTESTATION_DOMAIN, attestationBytes } from './attestation/attestation-bytes.ts'
export type { AttestationMessage } from './attestation/attestation-bytes.ts'
export {
  attestorLeaf,
  attestorLeafRoot,
  attestorProofs,
  attestorSetHash,
  createAttestorSet,
  isAttestorAt,
} from './attestation/attestor-set.ts'
export type { Attestor, AttestorSet } from './attestation/attestor-set.ts'
export { loadMclG1Scheme } from './attestation/bls/load-mcl.ts'
export { nobleG1Scheme } from './attestation/bls/noble-scheme.ts'
export { KEY_BYTES, SECRET_BYTES, SIGNATURE_BYTES } from './attestation/bls/points.ts'
export type { BlsScheme as BlsG1Scheme } from './attestation/bls/scheme.ts'
export {
  attestedStateAt,
  createHubClient,
  freezeHubClient,
  hubClientStatus,
  updateHubClient,
} from './attestation/client.ts'
export type {
  AttestedState,
  HubClientState,
  HubClientUpdate,
  TrustedAttestation,
} from './attestation/client.ts'
export { errors as attestationErrors } from './attestation/errors.ts'
export { verifyAttestationEvidence } from './attestation/evidence.ts'
export type { AttestationEvidence } from './attestation/evidence.ts'
export {
  POSSESSION_DOMAIN,
  possessionBytes,
  proveOfPossession,
  verifyProofOfPossession,
} from './attestation/proof-of-possession.ts'
export type { Possession } from './attestation/proof-of-possession.ts'
export { verifyAttestation } from './attestation/verify-attestation.ts'
export type { Absentee, AttestationHeader, Signers } from './attestation/verify-attestation.ts'
export {
  readBeaconHeaderJson,
  readBootstrapJson,
  readSyncCommitteeJson,
  readUpdateJson,
  readVersioned,
} from './ethereum/beacon-api/read-json.ts'
export type { BeaconJson } from './ethereum/beacon-api/json-members.ts'
export { readBeaconChainJson, slotAtTime } from './ethereum/beacon-api/read-spec.ts'
export type { BeaconChain } from './ethereum/beacon-api/read-spec.ts'
export { blstScheme } from './ethereum/bls/blst-scheme.ts'
export { nobleScheme } from './ethereum/bls/noble-scheme.ts'
export { createSyncAggregateVerifier } from './ethereum/bls/verify-sync-aggregate.ts'
export type { BlsScheme, VerifySyncAggregate } from './ethereum/bls/verify-sync-aggregate.ts'
export { createEthereumClient } from './ethereum/client/client.ts'
export type { EthereumClient, EthereumClientOptions } from './ethereum/client/client.ts'
export {
  ETHEREUM_CLIENT_STATE_TYPE_URL,
  ETHEREUM_CONSENSUS_STATE_TYPE_URL,
  ETHEREUM_HEADER_TYPE_URL,
  ETHEREUM_MISBEHAVIOUR_TYPE_URL,
} from './ethereum/client/type-urls.ts'
export { isBetterUpdate } from './ethereum/consensus/better-update.ts'
export type {
  BeaconBlockHeader,
  ExecutionPayloadHeader,
  LightClientBootstrap,
  LightClientHeader,
  LightClientUpdate,
  MerkleBranch,
  SyncAggregate,
  SyncCommittee,
} from './ethereum/consensus/containers.ts'
export { CommitteeChain } from './ethereum/consensus/committee-chain.ts'
export { hasSupermajority, participantCount } from './ethereum/consensus/containers.ts'
export { FORK_NAMES, PRESETS, forkAt, periodAt } from './ethereum/consensus/forks.ts'
export type { ChainConfig, Fork, ForkName, Preset } from './ethereum/consensus/forks.ts'
export {
  beaconBlockHeaderRoot,
  syncCommitteeRoot,
  syncCommitteeSigningRoot,
} from './ethereum/consensus/hash-tree-root.ts'
export { lightClientExecutionRoot } from './ethereum/consensus/light-client-header.ts'
export {
  forceLightClientUpdate,
  initializeLightClientStore,
  processLightClientUpdate,
} from './ethereum/consensus/light-client-store.ts'
export type { LightClientStore } from './ethereum/consensus/light-client-store.ts'
export { isValidBranch } from './ethereum/consensus/merkle-branch.ts'
export {
  decodeLightClientBootstrap,
  decodeLightClientUpdate,
  encodeLightClientBootstrap,
  encodeLightClientUpdate,
} from './ethereum/consensus/ssz-update.ts'
export type { UpdateKind } from './ethereum/consensus/ssz-update.ts'
export { validateLightClientUpdate, validateUpdateProofs } from './ethereum/consensus/validate-update.ts'
export type { TrustedState } from './ethereum/consensus/validate-update.ts'
export { errors as ethereumErrors } from './ethereum/errors.ts'
export {
  encodeAccount,
  isEmptyAccount,
  verifyAccountProof,
  verifyStorageProof,
} from './ethereum/state/account-proof.ts'
export type { Account } from './ethereum/state/account-proof.ts'
export { buildTrie } from './ethereum/state/build-trie.ts'
export type { BuiltTrie, TrieEntry } from './ethereum/state/build-trie.ts'
export { ibcCommitmentSlot, requireCommitment, verifyIbcCommitment } from './ethereum/state/ibc-commitment.ts'
export type { ContractStorageProof, IbcContract } from './ethereum/state/ibc-commitment.ts'
export { decodeRlp, encodeRlp, minimalBytes } from './ethereum/state/rlp.ts'
export type { RlpItem } from './ethereum/state/rlp.ts'
export { EMPTY_TRIE_ROOT, verifyTrieProof } from './ethereum/state/trie-proof.ts'
export { createBatchVerifier } from './ics23/batch-verifier.ts'
export type { BatchVerifier } from './ics23/batch-verifier.ts'
export { verifyChained, verifyChainedAbsence } from './ics23/chained.ts'
export { PROOF_BYTES_MAX, decodeCommitmentProof, decodeMerkleProof } from './ics23/decode.ts'
export { errors as ics23Errors } from './ics23/errors.ts'
export { encodeEvmProof, encodeEvmProofs } from './ics23/evm-proof.ts'
export { checkExistence, existenceRoot } from './ics23/existence.ts'
export { hashCount } from './ics23/hash-count.ts'
export { hashWith } from './ics23/hash-operations.ts'
export { applyInner } from './ics23/inner.ts'
export { applyLeaf, checkLeafAgainst } from './ics23/leaf.ts'
export { calculateRoot, verifyMembership, verifyNonMembership } from './ics23/membership.ts'
export { leftSiblingsAreEmpty, rightSiblingsAreEmpty } from './ics23/neighbours.ts'
export { NodeMemo } from './ics23/node-memo.ts'
export { cosmosSpecs, iavlSpec, smtSpec, tendermintSpec } from './ics23/specs.ts'
export type { Charge, ClientContext, ClientStatus, ClientStore, LightClient, Work } from './light-client.ts'
export { alpenglowBlockId, footerBankHash, readFooter } from './solana/alpenglow/block-opening.ts'
export type { BlockOpening } from './solana/alpenglow/block-opening.ts'
export { verifyAlpenglowProof } from './solana/alpenglow/alpenglow-consensus.ts'
export type { AlpenglowProof, SettledBlock } from './solana/alpenglow/alpenglow-consensus.ts'
export type { Certificate } from './solana/alpenglow/certificate.ts'
export { rankMap } from './solana/alpenglow/rank-map.ts'
export { shredProofRoot } from './solana/alpenglow/shred-tree.ts'
export { decodeDataShred } from './solana/alpenglow/shred.ts'
export { fromBase58, toBase58 } from '@causeway/primitives'
export { bankHash } from './solana/bank/bank-hash.ts'
export type { BankFields, BankPosition, HardFork } from './solana/bank/bank-hash.ts'
export { clocksIn, readClock } from './solana/bank/clock.ts'
export type { Clock } from './solana/bank/clock.ts'
export { verifyStateProof } from './solana/bank/state-proof.ts'
export type { StateProof } from './solana/bank/state-proof.ts'
export { createSolanaClient } from './solana/client/client.ts'
export type { SolanaClient } from './solana/client/client.ts'
export {
  SOLANA_CLIENT_STATE_TYPE_URL,
  SOLANA_CONSENSUS_STATE_TYPE_URL,
  SOLANA_HEADER_TYPE_URL,
  SOLANA_MISBEHAVIOUR_TYPE_URL,
} from './solana/client/type-urls.ts'
export type { SolanaCrypto } from './solana/client/verify-message.ts'
export { EMPTY_FRONTIER, appendLeaf, frontierRoot } from './solana/commitments/frontier.ts'
export type { Frontier } from './solana/commitments/frontier.ts'
export { encodeRootAccount, readRootAccount } from './solana/commitments/root-account.ts'
export type { RootAccount } from './solana/commitments/root-account.ts'
export { createSparseTree } from './solana/commitments/sparse-tree.ts'
export type { SparseTree } from './solana/commitments/sparse-tree.ts'
export { EMPTY_LEAF, commitmentLeaf, pathRoot, taggedRoot } from './solana/commitments/tree.ts'
export type { TreeKind, TreePath } from './solana/commitments/tree.ts'
export { verifyCommitment, verifyNoCommitment } from './solana/commitments/verify-commitment.ts'
export type { TreeRoots } from './solana/commitments/verify-commitment.ts'
export { encodeEpochStakes, readEpochStakes } from './solana/epoch-stakes.ts'
export type { EpochStakes, Voter } from './solana/epoch-stakes.ts'
export { errors as solanaErrors } from './solana/errors.ts'
export { accountPreimage } from './solana/lattice/account-state.ts'
export type { AccountState } from './solana/lattice/account-state.ts'
export { applyWrites } from './solana/lattice/lattice-delta.ts'
export type { AccountWrite } from './solana/lattice/lattice-delta.ts'
export {
  LATTICE_HASH_BYTES,
  LatticeSum,
  latticeChecksum,
  nobleLatticeXof,
} from './solana/lattice/lattice-hash.ts'
export { createWasmLatticeXof } from './solana/lattice/wasm-lattice-xof.ts'
export type { LatticeXof } from './solana/lattice/lattice-hash.ts'
export { programAddress } from './solana/program-address.ts'
export { isRecording, readRecording } from './solana/recordings/read-recording.ts'
export type { Inflate } from './solana/recordings/read-recording.ts'
export type {
  RecordedBlock,
  RecordedSet,
  RecordedSlot,
  RecordedVote,
  Recording,
} from './solana/recordings/recording.ts'
export { asChild, verifyTowerProof } from './solana/tower/tower-consensus.ts'
export type { ChildBank, SettledBank, TowerProof } from './solana/tower/tower-consensus.ts'
export { stakeOfVotes } from './solana/tower/verify-votes.ts'
export { encodeTowerSync } from './solana/transactions/encode-tower-sync.ts'
export type { TowerSyncFields } from './solana/transactions/encode-tower-sync.ts'
export { encodeTransaction } from './solana/transactions/encode-transaction.ts'
export type { TransactionFields, TransactionSigner } from './solana/transactions/encode-transaction.ts'
export { decodeTowerSync } from './solana/transactions/tower-sync.ts'
export type { TowerSync } from './solana/transactions/tower-sync.ts'
export { decodeTransaction } from './solana/transactions/transaction.ts'
export type { Instruction, Transaction } from './solana/transactions/transaction.ts'
export { decodeVoteTransaction } from './solana/transactions/vote-transaction.ts'
export type { VoteTransaction } from './solana/transactions/vote-transaction.ts'
export { equalBlockIds, isZeroBlockId } from './tendermint/block-id.ts'
export { HEADER_TYPE_URL, MISBEHAVIOUR_TYPE_URL } from './tendermint/client-message.ts'
export { CLIENT_STATE_TYPE_URL, CONSENSUS_STATE_TYPE_URL } from './tendermint/client-storage.ts'
export { createTendermintClient } from './tendermint/client.ts'
export type { TendermintClientOptions } from './tendermint/client.ts'
export { errors as tendermintErrors } from './tendermint/errors.ts'
export {
  hashCommit,
  hashConsensusParams,
  hashEvidence,
  hashHeader,
  hashResults,
  hashTransactions,
} from './tendermint/hashes.ts'
export { compareHeights, hasRevision, heightText, revisionOf, withRevision } from './tendermint/heights.ts'
export { validatorAddress, validatorKey } from './tendermint/keys.ts'
export type { ValidatorKey } from './tendermint/keys.ts'
export { createNativeSignatureVerifier, sodiumAccepts } from './tendermint/native-signatures.ts'
export { BLOCK_PART_SIZE, partSet } from './tendermint/part-set.ts'
export type { PartSet } from './tendermint/part-set.ts'
export { incrementProposerPriority, proposerOf } from './tendermint/proposer-priority.ts'
export {
  commitSignBytes,
  proposalSignBytes,
  voteExtensionSignBytes,
  voteSignBytes,
} from './tendermint/sign-bytes.ts'
export type { ExtendedVote, SignedProposal, SignedVote } from './tendermint/sign-bytes.ts'
export {
  createSignatureVerifier,
  verifyEd25519,
  verifySecp256k1,
  verifyWithKey,
} from './tendermint/signatures.ts'
export type {
  NativeVerifiers,
  SignatureCheck,
  VerifySignature,
  VerifySignatures,
} from './tendermint/signatures.ts'
export { ZERO_TIME, fromNanoseconds, toNanoseconds } from './tendermint/timestamps.ts'
export { validateSignedHeader, validateValidatorSet } from './tendermint/validate-basic.ts'
export { createValidatorSet, updateValidatorSet } from './tendermint/validator-set-updates.ts'
export { encodeSimpleValidator, hashValidatorSet } from './tendermint/validator-set-hash.ts'
export {
  MAX_TOTAL_VOTING_POWER,
  newValidator,
  sortValidators,
  totalVotingPower,
  validatorIndex,
} from './tendermint/validator-set.ts'
export { verifyCommitLight, verifyCommitLightTrusting } from './tendermint/verify-commit.ts'
export type { TrustLevel } from './tendermint/verify-commit.ts'
export { verifyHeader } from './tendermint/verify-header.ts'
export type { TrustOptions, TrustedHeader, UntrustedHeader } from './tendermint/verify-header.ts'

/* eslint-disable @nx/enforce-module-boundaries -- the programs' own fixtures, not a second form of them */
// A hub that attests and a Solana cluster with the real programs; with the steps of a relayer and what tests
// read of both. The hub is that of an EthereumBridge, so one account may hold what came from either.
import {
  NATIVE_MINT,
  TOKEN_PROGRAM_ID,
  createAssociatedTokenAccountIdempotentInstruction,
  createSyncNativeInstruction,
} from '@solana/spl-token'
import { SystemProgram } from '@solana/web3.js'
import type { PublicKey } from '@solana/web3.js'
import {
  addClientInstruction,
  associatedAddress,
  depositInstruction,
  hubStateAddress,
  initialiseVaultInstruction,
  openLineInstruction,
} from '@causeway/contracts-solana'
import type { BufferedMessage, LinePlaces } from '@causeway/contracts-solana'
import { attestorSetHash, commitmentLeaf, createSparseTree, encodeEvmProof } from '@causeway/light-clients'
import type { AttestationHeader, LatticeXof, TreePath } from '@causeway/light-clients'
import { packetCommitment, packetReceiptKey } from '@causeway/messaging'
import { assert } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import { QueryAttestationRequest } from '@causeway/protocol/causeway/attestation/v1/query'
import { QueryLinesRequest, QueryLinesResponse } from '@causeway/protocol/causeway/ledger/v1/query'
import { CommitmentProof as TreeProof } from '@causeway/protocol/causeway/lightclients/solana/v1/solana'
import { CommitmentProof } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { MerkleProof } from '@causeway/protocol/ibc/core/commitment/v1/commitment'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import type { ExecTxResult } from '@causeway/protocol/tendermint/abci/types'
import type { ExampleBank } from '../../../../libs/light-clients/src/solana/example-cluster.fixture.ts'
import { GENESIS_SECONDS } from '../../../../libs/light-clients/src/solana/example-cluster.fixture.ts'
import { makeMint, mintTo, tokensIn, uploaded } from '../../../../contracts/solana/test/bridge.fixture.ts'
import type { Bridge } from '../../../../contracts/solana/test/bridge.fixture.ts'
import { UPLOAD_PROGRAM, show, startClient } from '../../../../contracts/solana/test/hub-client.fixture.ts'
import type { HubChain } from '../../../../contracts/solana/test/hub-client.fixture.ts'
import { exampleKey } from '../../../../contracts/solana/test/hub.fixture.ts'
import { acknowledge, receive, timeOut } from '../../../../contracts/solana/test/relay.fixture.ts'
import { setNow } from '../../../../contracts/solana/test/svm.fixture.ts'
import type { Sent } from '../../../../contracts/solana/test/svm.fixture.ts'
import { headerOf } from '../modules/attestation/attested-hub.fixture.ts'
import { eventsIn } from './bridge.fixture.ts'
import type { EthereumBridge } from './ethereum-bridge.fixture.ts'
import { message } from './messages.fixture.ts'
import { SolanaChain, THERE } from './solana-chain.fixture.ts'
import type { HeaderWish } from './solana-chain.fixture.ts'
import { solanaHub } from './solana-hub.fixture.ts'
import type { Wallet } from './wallet.fixture.ts'

/** Base units that the owner begins with there: a million dollars, a thousand SOL. */
const HELD = { usdc: 1_000_000_000_000n, sol: 1_000_000_000_000n }
const BLOCKS_MAX = 10

export interface BridgeOptions {
  readonly chain?: SolanaChain
  /** Whether the Ethereum chain's client is opened, too; default not. */
  readonly withEthereum?: boolean
  /** Whether ours is; default yes. */
  readonly isOpen?: boolean
  readonly latticeXof?: LatticeXof
}

/** A route between a hub and a cluster. */
export class SolanaBridge {
  readonly evm: EthereumBridge
  readonly chain: SolanaChain
  /** Deposits there. */
  readonly owner = exampleKey()
  readonly usdc: LinePlaces
  readonly sol: LinePlaces
  client = ''
  readonly sent = createSparseTree()
  readonly receipts = createSparseTree()
  readonly #hubThere: HubChain
  #attested: AttestationHeader
  #sequence = 0n

  constructor(options: BridgeOptions = {}) {
    this.chain = options.chain ?? new SolanaChain()
    const { svm, core, vault } = this.chain
    svm.svm.withNativeMints()
    const mint = makeMint(svm, TOKEN_PROGRAM_ID)
    const { withEthereum: isOpen = false, latticeXof } = options
    this.evm = solanaHub(this.chain, mint, { isOpen, ...(latticeXof && { latticeXof }) })
    this.#attested = this.#newest(1n)
    const { message: trusted, set } = this.#attested
    this.#hubThere = startClient(trusted, attestorSetHash(set), this.driver.timeSeconds, svm)
    const lightState = this.#hubThere.address.client
    const counterparty = `solana-${isOpen ? 1 : 0}`
    const payer = svm.payer.publicKey
    this.chain.send([addClientInstruction(core, payer, 0, { lightState, counterparty })])
    this.chain.send([initialiseVaultInstruction(vault, core, payer)])
    const line = { vault, core, clientId: THERE, lightState, tokenProgram: TOKEN_PROGRAM_ID }
    this.usdc = { ...line, mint }
    this.sol = { ...line, mint: NATIVE_MINT }
    for (const each of [this.usdc, this.sol]) this.chain.send([openLineInstruction(each, payer)])
    this.chain.send(mintTo(svm, this.usdc, this.owner.publicKey, HELD.usdc))
    this.#wrap(HELD.sol)
    this.slot()
    if (options.isOpen !== false) {
      this.client = this.open()
      assert(this.client === counterparty, `${this.client} is ${counterparty}`)
    }
  }

  get driver() {
    return this.evm.driver
  }
  get relayer() {
    return this.evm.relayer
  }
  get trader() {
    return this.evm.trader
  }

  /** Creates a client of the cluster and registers its counterparty; gives its id. */
  open(wallet = this.relayer, states = this.chain.clientStates()): string {
    const clientId = this.create(wallet, states)
    const result = this.register(wallet, clientId)
    assert(result.code === 0, result.log)
    return clientId
  }

  create(wallet = this.relayer, states = this.chain.clientStates()): string {
    const create = message('ibc.core.client.v1.MsgCreateClient', { ...states, signer: wallet.address })
    const result = this.evm.deliver(wallet, [create])
    assert(result.code === 0, result.log)
    return eventsIn(result, 'create_client')[0]!['client_id']!
  }

  register(wallet: Wallet, clientId: string, counterparty = THERE): ExecTxResult {
    return this.evm.register(wallet, clientId, counterparty)
  }

  /** Ends a slot there, a second later where this second's is over. */
  slot(more?: Parameters<SolanaChain['produce']>[1]): ExampleBank {
    if (this.driver.timeSeconds - GENESIS_SECONDS <= this.chain.head.slot) this.driver.block()
    return this.chain.produce(this.driver.timeSeconds, more)
  }

  updateMessage(clientMessage: Any, clientId = this.client): Any {
    const signer = this.relayer.address
    return message('ibc.core.client.v1.MsgUpdateClient', { clientId, clientMessage, signer })
  }

  update(clientMessage: Any, clientId = this.client, gasLimit?: bigint): ExecTxResult {
    return this.evm.deliver(this.relayer, [this.updateMessage(clientMessage, clientId)], gasLimit)
  }

  /** Ends a slot and shows it to the client; gives it. */
  finalize(wish: HeaderWish = {}): bigint {
    const bank = this.slot()
    const result = this.update(this.chain.header(bank, wish))
    assert(result.code === 0, result.log)
    return bank.slot
  }

  /** The owner deposits there. */
  deposit(parts: {
    amount: bigint
    receiver?: string
    line?: LinePlaces
    timeoutSeconds?: bigint
    sequence?: bigint
  }): Packet {
    const { amount, receiver = this.trader.address, line = this.usdc } = parts
    const sequence = ++this.#sequence
    const timeoutSeconds = this.driver.timeSeconds + (parts.timeoutSeconds ?? 3_600n)
    const order = { amount, timeoutSeconds, receiver, memo: '' }
    const from = { depositor: this.owner.publicKey, payer: this.payer, sequences: [sequence] }
    const packet = this.chain.sendPacket(depositInstruction(line, order, from), [this.owner])
    this.sent.set(sequence - 1n, commitmentLeaf(packetCommitment(packet)))
    return packet
  }

  receiveMessage(packet: Packet, slot: bigint, change = (proof: Uint8Array) => proof): Any {
    return message('ibc.core.channel.v2.MsgRecvPacket', {
      packet,
      proofCommitment: change(proofBytes(this.sent.prove(packet.sequence - 1n))),
      proofHeight: heightOf(slot),
      signer: this.relayer.address,
    })
  }

  receive(packet: Packet, slot = this.finalize(), change?: (proof: Uint8Array) => Uint8Array): ExecTxResult {
    return this.evm.deliver(this.relayer, [this.receiveMessage(packet, slot, change)])
  }

  /** A deposit, all the way. */
  credit(amount: bigint, receiver = this.trader.address, line = this.usdc): ExecTxResult {
    const result = this.receive(this.deposit({ amount, receiver, line }))
    assert(result.code === 0, result.log)
    return result
  }

  withdraw(parts: Parameters<EthereumBridge['withdraw']>[0]) {
    return this.evm.withdraw({ ...parts, client: this.client })
  }

  /** The hub's newest state is shown to the programs; the account of it. */
  attest(): PublicKey {
    this.#attested = this.#newest(this.driver.height + 1n)
    setNow(this.chain.svm, this.driver.timeSeconds)
    const shown = show(this.#hubThere, this.#attested)
    assert(shown.error === undefined, String(shown.error))
    return hubStateAddress(this.#hubThere.address, this.#attested.message.height)
  }

  /** Relays a packet of the hub to the programs. */
  async relay(packet: Packet, recipient: PublicKey, line = this.usdc): Promise<Sent> {
    return await receive(this.programs(line), packet, this.attest(), recipient)
  }

  /** Relays the hub's answer to a deposit. */
  async answer(packet: Packet, acknowledgement: Uint8Array, line = this.usdc): Promise<Sent> {
    return await acknowledge(this.programs(line), packet, acknowledgement, this.attest())
  }

  /** Relays that the hub has no receipt of a deposit. */
  async expire(packet: Packet, line = this.usdc): Promise<Sent> {
    const consensus = this.attest()
    const key = packetReceiptKey(packet.destinationClient, packet.sequence)
    return await timeOut(this.programs(line), packet, consensus, this.prove(key))
  }

  acknowledge(packet: Packet, acknowledgement: Uint8Array, slot = this.finalize()): ExecTxResult {
    return this.evm.deliver(this.relayer, [
      message('ibc.core.channel.v2.MsgAcknowledgement', {
        packet,
        acknowledgement: { appAcknowledgements: [acknowledgement] },
        proofAcked: proofBytes(this.receipts.prove(packet.sequence - 1n)),
        proofHeight: heightOf(slot),
        signer: this.relayer.address,
      }),
    ])
  }

  timeOut(packet: Packet, slot = (this.chain.touch(), this.finalize())): ExecTxResult {
    return this.evm.deliver(this.relayer, [
      message('ibc.core.channel.v2.MsgTimeout', {
        packet,
        proofUnreceived: proofBytes(this.receipts.prove(packet.sequence - 1n)),
        proofHeight: heightOf(slot),
        signer: this.relayer.address,
      }),
    ])
  }

  /** Full path of a line's token on the hub. */
  path(line = this.usdc): string {
    return `transfer/${this.client}/${line.mint.toBase58()}`
  }

  /** Ids of all lines of a client. */
  linesOf(client: string): bigint[] {
    const data = QueryLinesRequest.encode({ afterId: 0n, limit: 0 }).finish()
    const { value } = this.driver.query('/causeway.ledger.v1.Query/Lines', data)
    return QueryLinesResponse.decode(value)
      .lines.filter((line) => line.client === client)
      .map(({ id }) => id)
  }

  /** The hub's line. */
  line(line = this.usdc) {
    return this.evm.line(line.mint.toBase58(), this.client)
  }

  balance(denom: string, holder = this.trader.address): string {
    return this.evm.balance(holder, denom)
  }

  /** Base units in a wallet's account there. */
  held(wallet: PublicKey, { mint, tokenProgram }: LinePlaces = this.usdc): bigint {
    return tokensIn(this.chain.svm, associatedAddress(wallet, mint, tokenProgram))
  }

  /** A wallet there that has an account of a token. */
  openWallet(line = this.usdc): PublicKey {
    const { publicKey } = exampleKey()
    const account = associatedAddress(publicKey, line.mint, line.tokenProgram)
    const create = createAssociatedTokenAccountIdempotentInstruction
    this.chain.send([create(this.payer, account, publicKey, line.mint, line.tokenProgram)])
    return publicKey
  }

  /** A line of another token, of which the owner holds some. */
  mint(): LinePlaces {
    const line = { ...this.usdc, mint: makeMint(this.chain.svm, TOKEN_PROGRAM_ID) }
    this.chain.send([openLineInstruction(line, this.payer)])
    this.chain.send(mintTo(this.chain.svm, line, this.owner.publicKey, HELD.usdc))
    return line
  }

  get payer(): PublicKey {
    return this.chain.svm.payer.publicKey
  }

  #newest(height: bigint): AttestationHeader {
    for (let i = 0; i < BLOCKS_MAX; i++) {
      const data = QueryAttestationRequest.encode({ height: 0n }).finish()
      const { code, value } = this.driver.query('/causeway.attestation.v1.Query/Attestation', data)
      if (code === 0 && headerOf(value).message.height >= height) return headerOf(value)
      this.driver.block()
    }
    assert(false, 'a hub attests')
  }

  /** Packed, about the state that was attested last. */
  prove(key: Uint8Array): Uint8Array {
    const height = this.#attested.message.height - 1n
    const { proofOps } = this.driver.query('store/ibc/key', key, { height, prove: true })
    const proofs = proofOps!.ops.map(({ data }) => CommitmentProof.decode(data))
    return encodeEvmProof(MerkleProof.encode({ proofs }).finish())
  }

  /** Brings a message into an account there. */
  async upload(bytes: Uint8Array, name: string): Promise<BufferedMessage> {
    return await uploaded(this.programs(), bytes, name)
  }

  /** The programs as their own fixtures take them. */
  programs(line = this.usdc): Bridge {
    const { svm, core, vault } = this.chain
    const hub = { prove: (key: Uint8Array) => this.prove(key) } as Bridge['hub']
    const { owner, receipts } = this
    return { ...svm, core, vault, upload: UPLOAD_PROGRAM, hub, line, owner, receipts }
  }

  #wrap(lamports: bigint): void {
    const owner = this.owner.publicKey
    const account = associatedAddress(owner, NATIVE_MINT, TOKEN_PROGRAM_ID)
    const { svm } = this.chain
    svm.svm.airdrop(this.payer.toBase58() as never, (2n * lamports) as never)
    this.chain.send([
      createAssociatedTokenAccountIdempotentInstruction(this.payer, account, owner, NATIVE_MINT),
      SystemProgram.transfer({ fromPubkey: this.payer, toPubkey: account, lamports }),
      createSyncNativeInstruction(account),
    ])
  }
}

/** A path of a tree as messages carry it. */
export function proofBytes({ present, siblings }: TreePath): Uint8Array {
  return TreeProof.encode(TreeProof.fromPartial({ present, siblings: [...siblings] })).finish()
}

function heightOf(slot: bigint) {
  return { revisionNumber: 0n, revisionHeight: slot }
}

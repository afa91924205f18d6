import type { MigrationInterface, QueryRunner } from 'typeorm'

const tables = [
  `CREATE TABLE "chain" (
    "chain_id" text NOT NULL, "role" text NOT NULL,
    "root_height" numeric(20,0) NOT NULL, "root_hash" text NOT NULL,
    "height" numeric(20,0) NOT NULL, "block_hash" text NOT NULL, "time_nanoseconds" numeric(21,0) NOT NULL,
    "app_hash" text NOT NULL, "validators_hash" text NOT NULL, "next_validators_hash" text NOT NULL,
    "results_hash" text NOT NULL,
    PRIMARY KEY ("chain_id"))`,
  `CREATE TABLE "block" (
    "chain_id" text NOT NULL, "height" numeric(20,0) NOT NULL, "hash" text NOT NULL,
    "time_nanoseconds" numeric(21,0) NOT NULL, "app_hash" text NOT NULL, "next_validators_hash" text NOT NULL,
    "proposer" text NOT NULL, "transaction_count" integer NOT NULL,
    PRIMARY KEY ("chain_id", "height"))`,
  `CREATE TABLE "transaction" (
    "chain_id" text NOT NULL, "height" numeric(20,0) NOT NULL, "position" integer NOT NULL,
    "hash" text NOT NULL,
    "code" numeric(20,0) NOT NULL, "codespace" text NOT NULL, "gas_used" numeric(20,0) NOT NULL,
    PRIMARY KEY ("chain_id", "height", "position"))`,
  `CREATE TABLE "transaction_address" (
    "chain_id" text NOT NULL, "address" text NOT NULL, "height" numeric(20,0) NOT NULL,
    "position" integer NOT NULL,
    PRIMARY KEY ("chain_id", "address", "height", "position"))`,
  `CREATE TABLE "client" (
    "chain_id" text NOT NULL, "client_id" text NOT NULL, "client_type" text NOT NULL,
    "tracked_chain_id" text, "trusting_period_seconds" numeric(20,0),
    "initial_revision_height" numeric(20,0), "initial_root" text, "initial_next_validators_hash" text,
    "initial_time_nanoseconds" numeric(21,0),
    "created_height" numeric(20,0), "created_transaction" text, "created_time_nanoseconds" numeric(21,0),
    "counterparty_client_id" text, "counterparty_merkle_prefix" text,
    "last_update_height" numeric(20,0), "last_update_transaction" text,
    "last_update_time_nanoseconds" numeric(21,0),
    "frozen" boolean NOT NULL DEFAULT false,
    PRIMARY KEY ("chain_id", "client_id"))`,
  `CREATE TABLE "client_update" (
    "chain_id" text NOT NULL, "client_id" text NOT NULL,
    "revision_number" numeric(20,0) NOT NULL, "revision_height" numeric(20,0) NOT NULL,
    "height" numeric(20,0) NOT NULL, "transaction" text NOT NULL, "time_nanoseconds" numeric(21,0) NOT NULL,
    PRIMARY KEY ("chain_id", "client_id", "revision_number", "revision_height"))`,
  `CREATE TABLE "packet" (
    "source_chain_id" text NOT NULL, "source_client" text NOT NULL, "destination_client" text NOT NULL,
    "sequence" numeric(20,0) NOT NULL, "source_revision" numeric(20,0) NOT NULL, "destination_chain_id" text,
    "timeout_seconds" numeric(20,0) NOT NULL, "payload_count" integer NOT NULL,
    "sent_height" numeric(20,0), "sent_transaction" text, "sent_time_nanoseconds" numeric(21,0),
    "received_height" numeric(20,0), "received_transaction" text, "received_time_nanoseconds" numeric(21,0),
    "accepted" boolean,
    "acknowledged_height" numeric(20,0), "acknowledged_transaction" text,
    "acknowledged_time_nanoseconds" numeric(21,0),
    "timed_out_height" numeric(20,0), "timed_out_transaction" text,
    "timed_out_time_nanoseconds" numeric(21,0),
    PRIMARY KEY ("source_chain_id", "source_client", "destination_client", "sequence"))`,
  `CREATE TABLE "transfer" (
    "source_chain_id" text NOT NULL, "source_client" text NOT NULL, "destination_client" text NOT NULL,
    "sequence" numeric(20,0) NOT NULL, "payload_index" integer NOT NULL,
    "order_time" numeric(21,0) NOT NULL, "denom" text NOT NULL, "amount" numeric(78,0) NOT NULL,
    "sender" text NOT NULL, "receiver" text NOT NULL, "memo" text NOT NULL, "encoding" text NOT NULL,
    "account" text, "subaccount" integer, "asset" numeric(20,0), "line" numeric(20,0), "refund_reason" text,
    PRIMARY KEY ("source_chain_id", "source_client", "destination_client", "sequence", "payload_index"))`,
  `CREATE TABLE "account" (
    "account" text NOT NULL, "first_height" numeric(20,0) NOT NULL,
    "first_time_nanoseconds" numeric(21,0) NOT NULL,
    PRIMARY KEY ("account"))`,
  `CREATE TABLE "balance" (
    "account" text NOT NULL, "subaccount" integer NOT NULL, "asset" numeric(20,0) NOT NULL,
    "denom" text NOT NULL, "amount" numeric(78,0) NOT NULL, "height" numeric(20,0) NOT NULL,
    PRIMARY KEY ("account", "subaccount", "asset"))`,
  `CREATE TABLE "balance_change" (
    "height" numeric(20,0) NOT NULL, "position" integer NOT NULL,
    "account" text NOT NULL, "subaccount" integer NOT NULL, "asset" numeric(20,0) NOT NULL,
    "delta" numeric(78,0) NOT NULL, "amount" numeric(78,0) NOT NULL,
    "transaction" text, "time_nanoseconds" numeric(21,0) NOT NULL,
    PRIMARY KEY ("height", "position"))`,
  `CREATE TABLE "asset" (
    "asset" numeric(20,0) NOT NULL, "denom" text NOT NULL, "first_height" numeric(20,0) NOT NULL,
    PRIMARY KEY ("asset"))`,
  `CREATE TABLE "line" (
    "line" numeric(20,0) NOT NULL, "client_id" text NOT NULL, "denom" text NOT NULL,
    "asset" numeric(20,0) NOT NULL,
    "escrowed" numeric(78,0) NOT NULL, "height" numeric(20,0) NOT NULL,
    PRIMARY KEY ("line"))`,
  `CREATE TABLE "price" (
    "asset" numeric(20,0) NOT NULL, "price_e9" numeric(20,0) NOT NULL, "time_seconds" numeric(20,0) NOT NULL,
    "height" numeric(20,0) NOT NULL,
    PRIMARY KEY ("asset"))`,
  `CREATE TABLE "price_history" (
    "asset" numeric(20,0) NOT NULL, "price_e9" numeric(20,0) NOT NULL, "time_seconds" numeric(20,0) NOT NULL,
    "height" numeric(20,0) NOT NULL,
    PRIMARY KEY ("asset", "height"))`,
]

const newestFirst = `"order_time" DESC, "source_chain_id" DESC, "source_client" DESC,
  "destination_client" DESC, "sequence" DESC, "payload_index" DESC`

/** One index for every filter and order that GraphQL offers. */
const indexes = [
  `CREATE INDEX "transaction_by_hash" ON "transaction" ("hash")`,
  `CREATE INDEX "transaction_address_by_address" ON "transaction_address" ("address", "height" DESC)`,
  `CREATE INDEX "transfer_by_time" ON "transfer" (${newestFirst})`,
  `CREATE INDEX "transfer_by_account" ON "transfer" ("account", ${newestFirst})`,
  `CREATE INDEX "transfer_by_sender" ON "transfer" ("sender", "order_time" DESC)`,
  `CREATE INDEX "transfer_by_receiver" ON "transfer" ("receiver", "order_time" DESC)`,
  `CREATE INDEX "balance_change_by_account" ON "balance_change" ("account", "subaccount", "height" DESC)`,
]

/** The first tables. */
export class Initial1700000000001 implements MigrationInterface {
  readonly name = 'Initial1700000000001'

  /** Creates every table and index. */
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...tables, ...indexes]) await runner.query(statement)
  }

  /** Drops every table. */
  async down(runner: QueryRunner): Promise<void> {
    for (const statement of tables) {
      await runner.query(`DROP TABLE ${/CREATE TABLE ("\w+")/.exec(statement)?.[1] ?? ''}`)
    }
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm'

const tables = [
  `CREATE TABLE "liquidation" (
    "account" text NOT NULL, "subaccount" integer NOT NULL, "began_height" numeric(20,0) NOT NULL,
    "began_position" integer NOT NULL, "began_nanoseconds" numeric(21,0) NOT NULL,
    "began_value_e6" numeric(78,0) NOT NULL,
    "stage" text NOT NULL, "reason" text NOT NULL, "value_e6" numeric(78,0) NOT NULL,
    "underlying" numeric(20,0) NOT NULL, "closing_blocks" integer NOT NULL,
    "closing_orders" integer NOT NULL, "sales" integer NOT NULL, "price_e6" numeric(78,0) NOT NULL,
    "paid_e6" numeric(78,0) NOT NULL, "fee_e6" numeric(78,0) NOT NULL, "worth_e6" numeric(78,0) NOT NULL,
    "height" numeric(20,0) NOT NULL, "time_nanoseconds" numeric(21,0) NOT NULL,
    PRIMARY KEY ("account", "subaccount", "began_height"))`,
  `CREATE TABLE "liquidation_step" (
    "height" numeric(20,0) NOT NULL, "position" integer NOT NULL, "account" text NOT NULL,
    "subaccount" integer NOT NULL, "stage" text NOT NULL, "before" text, "reason" text,
    "value_e6" numeric(78,0), "underlying" numeric(20,0), "orders" integer,
    "time_nanoseconds" numeric(21,0) NOT NULL, PRIMARY KEY ("height", "position"))`,
  `CREATE TABLE "liquidation_bid" (
    "height" numeric(20,0) NOT NULL, "account" text NOT NULL, "subaccount" integer NOT NULL,
    "bidder" text NOT NULL, "bidder_subaccount" integer NOT NULL, "position" integer NOT NULL,
    "share_e9" numeric(78,0) NOT NULL, "max_price_e6" numeric(78,0) NOT NULL, "status" text NOT NULL,
    "reason" text, "sold_share_e9" numeric(78,0), "underlying" numeric(20,0), "price_e6" numeric(78,0),
    "paid_e6" numeric(78,0), "fee_e6" numeric(78,0), "worth_e6" numeric(78,0), "transaction" text,
    "time_nanoseconds" numeric(21,0) NOT NULL,
    PRIMARY KEY ("height", "account", "subaccount", "bidder", "bidder_subaccount"))`,
  `CREATE TABLE "margin_level" (
    "height" numeric(20,0) NOT NULL, "position" integer NOT NULL, "account" text NOT NULL,
    "subaccount" integer NOT NULL, "level" text NOT NULL, "before" text NOT NULL,
    "maintenance_margin_e6" numeric(78,0) NOT NULL, "maintenance_requirement_e6" numeric(78,0) NOT NULL,
    "time_nanoseconds" numeric(21,0) NOT NULL, PRIMARY KEY ("height", "position"))`,
  `CREATE TABLE "standby_line" (
    "client" text NOT NULL, "line" text NOT NULL, "token" text NOT NULL, "amount" numeric(78,0) NOT NULL,
    "expiry_seconds" numeric(20,0) NOT NULL, "account" text NOT NULL, "subaccount" integer NOT NULL,
    "status" text NOT NULL, "opened_height" numeric(20,0) NOT NULL, "height" numeric(20,0) NOT NULL,
    "time_nanoseconds" numeric(21,0) NOT NULL, PRIMARY KEY ("client", "line"))`,
  `CREATE TABLE "margin_call" (
    "client" text NOT NULL, "line" text NOT NULL, "sequence" numeric(20,0) NOT NULL,
    "account" text NOT NULL, "subaccount" integer NOT NULL, "asset" numeric(20,0) NOT NULL,
    "amount" numeric(78,0) NOT NULL, "pulled" numeric(78,0), "status" text NOT NULL,
    "sent_height" numeric(20,0) NOT NULL, "sent_position" integer NOT NULL,
    "sent_nanoseconds" numeric(21,0) NOT NULL, "height" numeric(20,0) NOT NULL,
    "time_nanoseconds" numeric(21,0) NOT NULL, PRIMARY KEY ("client", "line", "sequence"))`,
  `CREATE TABLE "call_reward" (
    "height" numeric(20,0) NOT NULL, "position" integer NOT NULL, "account" text NOT NULL,
    "subaccount" integer NOT NULL, "relayer" text NOT NULL, "client" text NOT NULL, "line" text NOT NULL,
    "asset" numeric(20,0) NOT NULL, "amount" numeric(78,0) NOT NULL,
    "time_nanoseconds" numeric(21,0) NOT NULL, PRIMARY KEY ("height", "position"))`,
  `CREATE TABLE "margin_wait" (
    "height" numeric(20,0) NOT NULL, "position" integer NOT NULL, "account" text NOT NULL,
    "subaccount" integer NOT NULL, "status" text NOT NULL, "time_nanoseconds" numeric(21,0) NOT NULL,
    PRIMARY KEY ("height", "position"))`,
  `CREATE TABLE "insurance_flow" (
    "height" numeric(20,0) NOT NULL, "position" integer NOT NULL, "account" text NOT NULL,
    "subaccount" integer NOT NULL, "group" numeric(20,0) NOT NULL, "reason" text NOT NULL,
    "amount_e6" numeric(78,0) NOT NULL, "time_nanoseconds" numeric(21,0) NOT NULL,
    PRIMARY KEY ("height", "position"))`,
  `CREATE TABLE "deficit_charge" (
    "height" numeric(20,0) NOT NULL, "position" integer NOT NULL, "account" text NOT NULL,
    "subaccount" integer NOT NULL, "group" numeric(20,0) NOT NULL, "amount_e6" numeric(78,0) NOT NULL,
    "own_e6" numeric(78,0) NOT NULL, "common_e6" numeric(78,0) NOT NULL,
    "left_e6" numeric(78,0) NOT NULL, PRIMARY KEY ("height", "position"))`,
  `CREATE TABLE "deleveraging" (
    "height" numeric(20,0) NOT NULL, "position" integer NOT NULL, "account" text NOT NULL,
    "subaccount" integer NOT NULL, "market" numeric(20,0) NOT NULL, "of_account" text NOT NULL,
    "of_subaccount" integer NOT NULL, "size_e9" numeric(78,0) NOT NULL, "loss_e6" numeric(78,0) NOT NULL,
    "place" integer NOT NULL, "time_nanoseconds" numeric(21,0) NOT NULL,
    PRIMARY KEY ("height", "position"))`,
  `CREATE TABLE "bankruptcy" (
    "height" numeric(20,0) NOT NULL, "position" integer NOT NULL, "account" text NOT NULL,
    "subaccount" integer NOT NULL, "deficit_e6" numeric(78,0) NOT NULL,
    "insured_e6" numeric(78,0) NOT NULL, "deleveraged_e6" numeric(78,0) NOT NULL,
    "socialised_e6" numeric(78,0) NOT NULL, "time_nanoseconds" numeric(21,0) NOT NULL,
    PRIMARY KEY ("height", "position"))`,
  `CREATE TABLE "insurance_pause" (
    "height" numeric(20,0) NOT NULL, "position" integer NOT NULL, "status" text NOT NULL,
    "deficits_e6" numeric(78,0) NOT NULL, "available_e6" numeric(78,0) NOT NULL,
    "until_seconds" numeric(20,0) NOT NULL, "time_nanoseconds" numeric(21,0) NOT NULL,
    PRIMARY KEY ("height", "position"))`,
  `CREATE TABLE "socialised_loss" (
    "height" numeric(20,0) NOT NULL, "position" integer NOT NULL, "amount_e6" numeric(78,0) NOT NULL,
    "account" text, "subaccount" integer, "line" numeric(20,0), "asset" numeric(20,0),
    "lost" numeric(78,0), "insured" numeric(78,0), "insured_e6" numeric(78,0),
    "time_nanoseconds" numeric(21,0) NOT NULL, PRIMARY KEY ("height", "position"))`,
  `CREATE TABLE "vault_worth" (
    "minute" numeric(20,0) NOT NULL, "worth_e6" numeric(78,0) NOT NULL, "shares" numeric(78,0) NOT NULL,
    "close_e18" numeric(78,0) NOT NULL, "high_e18" numeric(78,0) NOT NULL,
    "low_e18" numeric(78,0) NOT NULL, "height" numeric(20,0) NOT NULL, PRIMARY KEY ("minute"))`,
  `CREATE TABLE "vault_request" (
    "request" numeric(20,0) NOT NULL, "account" text NOT NULL, "subaccount" integer NOT NULL,
    "kind" text NOT NULL, "amount" numeric(78,0) NOT NULL, "rest" numeric(78,0) NOT NULL,
    "status" text NOT NULL, "cash_e6" numeric(78,0) NOT NULL DEFAULT 0,
    "shares" numeric(78,0) NOT NULL DEFAULT 0, "share_e18" numeric(78,0),
    "requested_seconds" numeric(20,0) NOT NULL, "opened_height" numeric(20,0) NOT NULL,
    "height" numeric(20,0) NOT NULL, "time_nanoseconds" numeric(21,0) NOT NULL, PRIMARY KEY ("request"))`,
  `CREATE TABLE "vault_holding" (
    "account" text NOT NULL, "subaccount" integer NOT NULL, "shares" numeric(78,0) NOT NULL DEFAULT 0,
    "deposited_e6" numeric(78,0) NOT NULL DEFAULT 0, "withdrawn_e6" numeric(78,0) NOT NULL DEFAULT 0,
    "height" numeric(20,0) NOT NULL, PRIMARY KEY ("account", "subaccount"))`,
  `CREATE TABLE "vault_status" (
    "height" numeric(20,0) NOT NULL, "position" integer NOT NULL, "status" text NOT NULL,
    "before" text NOT NULL, "time_nanoseconds" numeric(21,0) NOT NULL, PRIMARY KEY ("height", "position"))`,
]

/** One index for every filter and order that GraphQL offers. */
const indexes = [
  `CREATE INDEX "liquidation_newest" ON "liquidation" ("began_height" DESC, "began_position" DESC)`,
  `CREATE INDEX "liquidation_live" ON "liquidation" ("account", "subaccount") WHERE "stage" <> 'none'`,
  `CREATE INDEX "liquidation_step_by_account" ON "liquidation_step" ("account", "subaccount", "height")`,
  `CREATE INDEX "liquidation_bid_newest" ON "liquidation_bid" ("height" DESC, "position" DESC)`,
  `CREATE INDEX "liquidation_bid_by_account" ON "liquidation_bid" ("account", "subaccount", "height")`,
  `CREATE INDEX "liquidation_bid_by_bidder" ON "liquidation_bid" ("bidder", "height" DESC, "position" DESC)`,
  ...[
    ...['margin_level', 'margin_wait', 'call_reward', 'insurance_flow', 'deficit_charge', 'bankruptcy'],
    ...['deleveraging', 'socialised_loss'],
  ].map(
    (table) => `CREATE INDEX "${table}_by_account" ON "${table}" ("account", "height" DESC, "position" DESC)`,
  ),
  `CREATE INDEX "call_reward_by_line" ON "call_reward" ("client", "line", "height")`,
  `CREATE INDEX "insurance_flow_by_group" ON "insurance_flow" ("group", "height" DESC, "position" DESC)`,
  `CREATE INDEX "deleveraging_by_market" ON "deleveraging" ("market", "height" DESC, "position" DESC)`,
  `CREATE INDEX "deleveraging_of" ON "deleveraging" ("of_account", "of_subaccount", "height")`,
  `CREATE INDEX "margin_call_by_account" ON "margin_call"
    ("account", "sent_height" DESC, "sent_position" DESC)`,
  `CREATE INDEX "margin_call_newest" ON "margin_call" ("sent_height" DESC, "sent_position" DESC)`,
  `CREATE INDEX "standby_line_by_account" ON "standby_line" ("account")`,
  `CREATE INDEX "account_flag_by_level" ON "account_flag" ("level", "account", "subaccount")
    WHERE "level" <> 'healthy'`,
  `CREATE INDEX "vault_request_by_account" ON "vault_request" ("account", "request" DESC)`,
  `CREATE INDEX "socialised_loss_by_line" ON "socialised_loss" ("line") WHERE "line" IS NOT NULL`,
]

/** Several events of a block may move an index, and the price of a takeover need not be on the grid. */
const changes = [
  `ALTER TABLE "cash" ADD "position" integer NOT NULL DEFAULT 2147483647`,
  `ALTER TABLE "cash" ALTER COLUMN "position" DROP DEFAULT`,
  `ALTER TABLE "cash_index" ADD "position" integer NOT NULL DEFAULT 0`,
  `ALTER TABLE "cash_index" ALTER COLUMN "position" DROP DEFAULT`,
  `ALTER TABLE "cash_index" DROP CONSTRAINT "cash_index_pkey"`,
  `ALTER TABLE "cash_index" ADD PRIMARY KEY ("height", "position")`,
  `ALTER TABLE "fill" ADD "notional_e6" numeric(78,0)`,
  `UPDATE "fill" SET "notional_e6" = trunc("price_e9" * "size_e9" / 1000000000000)`,
  `ALTER TABLE "fill" ALTER COLUMN "notional_e6" SET NOT NULL`,
  `ALTER TABLE "account_flag" ADD "level" text NOT NULL DEFAULT 'healthy'`,
  `UPDATE "account_flag" SET "level" = 'below' WHERE "is_below_maintenance"`,
  `ALTER TABLE "account_flag" DROP COLUMN "is_below_maintenance"`,
  `ALTER TABLE "account_flag" ADD "maintenance_requirement_e6" numeric(78,0)`,
  `ALTER TABLE "account_flag" ADD "overdraft" text NOT NULL DEFAULT 'none'`,
]
const undone = [
  `ALTER TABLE "account_flag" ADD "is_below_maintenance" boolean NOT NULL DEFAULT false`,
  `UPDATE "account_flag" SET "is_below_maintenance" = "level" = 'below'`,
  `ALTER TABLE "account_flag" DROP COLUMN "level"`,
  `ALTER TABLE "account_flag" DROP COLUMN "maintenance_requirement_e6"`,
  `ALTER TABLE "account_flag" DROP COLUMN "overdraft"`,
  `ALTER TABLE "fill" DROP COLUMN "notional_e6"`,
  `DELETE FROM "cash_index" i USING "cash_index" l
    WHERE i."height" = l."height" AND i."position" < l."position"`,
  `ALTER TABLE "cash_index" DROP CONSTRAINT "cash_index_pkey"`,
  `ALTER TABLE "cash_index" DROP COLUMN "position"`,
  `ALTER TABLE "cash_index" ADD PRIMARY KEY ("height")`,
  `ALTER TABLE "cash" DROP COLUMN "position"`,
]

/** Liquidations, margin calls, insurance. What blocks before told of them is read by a `rebuild` only. */
export class Stress1700000000004 implements MigrationInterface {
  readonly name = 'Stress1700000000004'

  /** Creates every table and index. */
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...changes, ...tables, ...indexes]) await runner.query(statement)
  }

  /** Drops every table. */
  async down(runner: QueryRunner): Promise<void> {
    for (const statement of tables) {
      await runner.query(`DROP TABLE ${/CREATE TABLE ("\w+")/.exec(statement)?.[1] ?? ''}`)
    }
    for (const statement of undone) await runner.query(statement)
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm'

const tables = [
  `CREATE TABLE "surface" (
    "asset" numeric(20,0) NOT NULL, "expiries" numeric(20,0) NOT NULL, "height" numeric(20,0) NOT NULL,
    PRIMARY KEY ("asset"))`,
  `CREATE TABLE "market" (
    "market" numeric(20,0) NOT NULL, "symbol" text, "kind" text, "underlying" numeric(20,0),
    "expiry_seconds" numeric(20,0), "strike_e9" numeric(20,0), "is_call" boolean, "tick_e9" numeric(20,0),
    "lot_e9" numeric(20,0), "tier" integer, "status" text,
    "book_sequence" numeric(20,0), "book_checksum" text, "book_height" numeric(20,0),
    "last_price_e9" numeric(20,0), "last_trade_nanoseconds" numeric(21,0),
    PRIMARY KEY ("market"))`,
  `CREATE TABLE "book_level" (
    "market" numeric(20,0) NOT NULL, "side" text NOT NULL, "price_e9" numeric(20,0) NOT NULL,
    "size_e9" numeric(78,0) NOT NULL, "height" numeric(20,0) NOT NULL,
    PRIMARY KEY ("market", "side", "price_e9"))`,
  `CREATE TABLE "trade" (
    "height" numeric(20,0) NOT NULL, "position" integer NOT NULL, "market" numeric(20,0) NOT NULL,
    "kind" text NOT NULL, "price_e9" numeric(20,0) NOT NULL, "size_e9" numeric(78,0) NOT NULL,
    "fills" integer NOT NULL, "transaction" text, "time_nanoseconds" numeric(21,0) NOT NULL,
    PRIMARY KEY ("height", "position"))`,
  `CREATE TABLE "candle" (
    "market" numeric(20,0) NOT NULL, "seconds" integer NOT NULL, "start_seconds" numeric(20,0) NOT NULL,
    "open_e9" numeric(20,0) NOT NULL, "high_e9" numeric(20,0) NOT NULL, "low_e9" numeric(20,0) NOT NULL,
    "close_e9" numeric(20,0) NOT NULL, "volume_e9" numeric(78,0) NOT NULL,
    "notional_e6" numeric(78,0) NOT NULL, "auctions" numeric(20,0) NOT NULL,
    PRIMARY KEY ("market", "seconds", "start_seconds"))`,
  `CREATE TABLE "funding_rate" (
    "market" numeric(20,0) NOT NULL, "height" numeric(20,0) NOT NULL,
    "rate_e9_per_hour" numeric(78,0) NOT NULL, "index" numeric(78,0) NOT NULL,
    "mark_e9" numeric(20,0) NOT NULL, "price_e9" numeric(20,0) NOT NULL,
    "time_nanoseconds" numeric(21,0) NOT NULL,
    PRIMARY KEY ("market", "height"))`,
  `CREATE TABLE "settlement_price" (
    "underlying" numeric(20,0) NOT NULL, "expiry_seconds" numeric(20,0) NOT NULL,
    "price_e9" numeric(20,0) NOT NULL, "rule" text NOT NULL, "height" numeric(20,0) NOT NULL,
    "time_nanoseconds" numeric(21,0) NOT NULL,
    PRIMARY KEY ("underlying", "expiry_seconds"))`,
  `CREATE TABLE "market_order" (
    "order" numeric(20,0) NOT NULL, "account" text NOT NULL, "subaccount" integer NOT NULL,
    "market" numeric(20,0) NOT NULL, "side" text, "type" text, "time_in_force" text,
    "size_e9" numeric(78,0), "remaining_e9" numeric(78,0) NOT NULL, "limit_e9" numeric(20,0),
    "expire_seconds" numeric(20,0), "is_post_only" boolean, "is_reduce_only" boolean, "is_quote" boolean,
    "trigger_e9" numeric(20,0), "trigger_is_above" boolean, "nonce" numeric(20,0), "status" text NOT NULL,
    "reason" text, "filled_e9" numeric(78,0) NOT NULL DEFAULT 0,
    "filled_notional_e6" numeric(78,0) NOT NULL DEFAULT 0, "fee_e6" numeric(78,0) NOT NULL DEFAULT 0,
    "transaction" text, "opened_height" numeric(20,0) NOT NULL,
    "opened_nanoseconds" numeric(21,0) NOT NULL, "height" numeric(20,0) NOT NULL,
    "time_nanoseconds" numeric(21,0) NOT NULL,
    PRIMARY KEY ("order"))`,
  `CREATE TABLE "fill" (
    "height" numeric(20,0) NOT NULL, "position" integer NOT NULL, "account" text NOT NULL,
    "subaccount" integer NOT NULL, "market" numeric(20,0) NOT NULL, "order" numeric(20,0) NOT NULL,
    "side" text NOT NULL, "price_e9" numeric(20,0) NOT NULL, "size_e9" numeric(78,0) NOT NULL,
    "fee_e6" numeric(78,0) NOT NULL, "role" text NOT NULL, "remaining_e9" numeric(78,0) NOT NULL,
    "transaction" text, "time_nanoseconds" numeric(21,0) NOT NULL,
    PRIMARY KEY ("height", "position"))`,
  `CREATE TABLE "market_position" (
    "account" text NOT NULL, "subaccount" integer NOT NULL, "market" numeric(20,0) NOT NULL,
    "size_e9" numeric(78,0) NOT NULL, "entry_notional_e6" numeric(78,0) NOT NULL,
    "realised_e6" numeric(78,0) NOT NULL, "fee_e6" numeric(78,0) NOT NULL,
    "bought_e9" numeric(78,0) NOT NULL, "sold_e9" numeric(78,0) NOT NULL,
    "opened_height" numeric(20,0) NOT NULL, "height" numeric(20,0) NOT NULL,
    "time_nanoseconds" numeric(21,0) NOT NULL,
    PRIMARY KEY ("account", "subaccount", "market"))`,
  `CREATE TABLE "settlement" (
    "height" numeric(20,0) NOT NULL, "position" integer NOT NULL, "account" text NOT NULL,
    "subaccount" integer NOT NULL, "market" numeric(20,0) NOT NULL, "size_e9" numeric(78,0) NOT NULL,
    "value_e6" numeric(78,0) NOT NULL, "fee_e6" numeric(78,0) NOT NULL,
    "time_nanoseconds" numeric(21,0) NOT NULL,
    PRIMARY KEY ("height", "position"))`,
  `CREATE TABLE "funding_payment" (
    "height" numeric(20,0) NOT NULL, "position" integer NOT NULL, "account" text NOT NULL,
    "subaccount" integer NOT NULL, "market" numeric(20,0) NOT NULL, "amount_e6" numeric(78,0) NOT NULL,
    "time_nanoseconds" numeric(21,0) NOT NULL,
    PRIMARY KEY ("height", "position"))`,
  `CREATE TABLE "cash" (
    "account" text NOT NULL, "subaccount" integer NOT NULL, "balance_e6" numeric(78,0) NOT NULL,
    "height" numeric(20,0) NOT NULL,
    PRIMARY KEY ("account", "subaccount"))`,
  `CREATE TABLE "cash_change" (
    "height" numeric(20,0) NOT NULL, "position" integer NOT NULL, "account" text NOT NULL,
    "subaccount" integer NOT NULL, "reason" text NOT NULL, "delta_e6" numeric(78,0) NOT NULL,
    "balance_e6" numeric(78,0) NOT NULL, "transaction" text, "time_nanoseconds" numeric(21,0) NOT NULL,
    PRIMARY KEY ("height", "position"))`,
  `CREATE TABLE "cash_index" (
    "height" numeric(20,0) NOT NULL, "debt_index" numeric(78,0) NOT NULL,
    "credit_index" numeric(78,0) NOT NULL, "borrow_rate" numeric(78,0) NOT NULL,
    PRIMARY KEY ("height"))`,
  `CREATE TABLE "cash_pool" (
    "asset" numeric(20,0) NOT NULL, "par_e6" numeric(78,0) NOT NULL, "height" numeric(20,0) NOT NULL,
    PRIMARY KEY ("asset"))`,
  `CREATE TABLE "conversion" (
    "height" numeric(20,0) NOT NULL, "position" integer NOT NULL, "account" text NOT NULL,
    "subaccount" integer NOT NULL, "asset" numeric(20,0) NOT NULL, "par_e6" numeric(78,0) NOT NULL,
    "cash_e6" numeric(78,0) NOT NULL, "transaction" text, "time_nanoseconds" numeric(21,0) NOT NULL,
    PRIMARY KEY ("height", "position"))`,
  `CREATE TABLE "withdrawal" (
    "id" numeric(20,0) NOT NULL, "account" text NOT NULL, "subaccount" integer NOT NULL,
    "line" numeric(20,0) NOT NULL, "asset" numeric(20,0) NOT NULL, "receiver" text NOT NULL,
    "amount" numeric(78,0) NOT NULL, "status" text NOT NULL, "queued_height" numeric(20,0) NOT NULL,
    "queued_nanoseconds" numeric(21,0) NOT NULL, "height" numeric(20,0) NOT NULL,
    "time_nanoseconds" numeric(21,0) NOT NULL,
    PRIMARY KEY ("id"))`,
  `CREATE TABLE "wallet" (
    "wallet" text NOT NULL, "account" text NOT NULL, "height" numeric(20,0) NOT NULL,
    "time_nanoseconds" numeric(21,0) NOT NULL,
    PRIMARY KEY ("wallet"))`,
  `CREATE TABLE "session_key" (
    "account" text NOT NULL, "session_key" text NOT NULL, "status" text NOT NULL,
    "created_height" numeric(20,0) NOT NULL, "height" numeric(20,0) NOT NULL,
    "time_nanoseconds" numeric(21,0) NOT NULL,
    PRIMARY KEY ("account", "session_key"))`,
  `CREATE TABLE "account_flag" (
    "account" text NOT NULL, "subaccount" integer NOT NULL, "is_isolated" boolean NOT NULL DEFAULT false,
    "is_below_maintenance" boolean NOT NULL DEFAULT false, "maintenance_margin_e6" numeric(78,0),
    "changed_height" numeric(20,0),
    PRIMARY KEY ("account", "subaccount"))`,
  `CREATE TABLE "venue_grant" (
    "account" text NOT NULL, "subaccount" integer NOT NULL, "client" text NOT NULL,
    "sender" text NOT NULL, "notional_max_e6_per_day" numeric(78,0) NOT NULL,
    "expiry_seconds" numeric(20,0) NOT NULL, "height" numeric(20,0) NOT NULL,
    PRIMARY KEY ("account", "subaccount", "client", "sender"))`,
  `CREATE TABLE "quote_freeze" (
    "height" numeric(20,0) NOT NULL, "position" integer NOT NULL, "account" text NOT NULL,
    "subaccount" integer NOT NULL, "underlying" numeric(20,0) NOT NULL,
    "time_nanoseconds" numeric(21,0) NOT NULL,
    PRIMARY KEY ("height", "position"))`,
]

/** One index for every filter and order that GraphQL offers. */
const indexes = [
  `CREATE INDEX "market_by_symbol" ON "market" ("symbol", "market" DESC)`,
  `CREATE INDEX "book_level_empty" ON "book_level" ("market") WHERE "size_e9" = 0`,
  `CREATE INDEX "trade_by_market" ON "trade" ("market", "height" DESC, "position" DESC)`,
  `CREATE INDEX "market_order_by_account" ON "market_order" ("account", "order" DESC)`,
  `CREATE INDEX "market_order_open" ON "market_order" ("account", "subaccount", "order" DESC)
    WHERE "status" = 'open'`,
  `CREATE INDEX "fill_by_account" ON "fill" ("account", "height" DESC, "position" DESC)`,
  `CREATE INDEX "fill_by_market" ON "fill" ("market", "height" DESC, "position" DESC)`,
  `CREATE INDEX "fill_by_order" ON "fill" ("order") WHERE "order" <> 0`,
  `CREATE INDEX "market_position_by_market" ON "market_position" ("market") WHERE "size_e9" <> 0`,
  `CREATE INDEX "settlement_by_account" ON "settlement" ("account", "height" DESC, "position" DESC)`,
  `CREATE INDEX "funding_payment_by_account" ON "funding_payment"
    ("account", "height" DESC, "position" DESC)`,
  `CREATE INDEX "cash_change_by_account" ON "cash_change" ("account", "height" DESC, "position" DESC)`,
  `CREATE INDEX "conversion_by_account" ON "conversion" ("account", "height" DESC, "position" DESC)`,
  `CREATE INDEX "withdrawal_by_account" ON "withdrawal" ("account", "id" DESC)`,
  `CREATE INDEX "wallet_by_account" ON "wallet" ("account")`,
]

/** Markets, cash, wallets and health. What blocks before told of them is read by a `rebuild` only. */
export class Markets1700000000003 implements MigrationInterface {
  readonly name = 'Markets1700000000003'

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

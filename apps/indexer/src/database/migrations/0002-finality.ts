import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Sends that are not final yet, and the height of a packet in the units of its source chain's clients. */
export class Finality1700000000002 implements MigrationInterface {
  readonly name = 'Finality1700000000002'

  /** Adds the columns. Until now every chain was final at once, and provable one block later. */
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "packet" ADD "sent_final" boolean NOT NULL DEFAULT true`)
    await runner.query(`ALTER TABLE "packet" ADD "provable_height" numeric(20,0)`)
    await runner.query(`UPDATE "packet" SET "provable_height" = "sent_height" + 1`)
    await runner.query(
      `CREATE INDEX "packet_not_final" ON "packet" ("source_chain_id") WHERE NOT "sent_final"`,
    )
  }

  /** Drops the columns. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "packet_not_final"`)
    await runner.query(`ALTER TABLE "packet" DROP COLUMN "provable_height"`)
    await runner.query(`ALTER TABLE "packet" DROP COLUMN "sent_final"`)
  }
}

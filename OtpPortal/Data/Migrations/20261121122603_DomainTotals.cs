using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OtpPortal.Data.Migrations
{
    /// <inheritdoc />
    public partial class DomainTotals : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // By hand, because EF has no word for WITHOUT ROWID. The kind before the start: then the domains that most codes were sent to are found
            // without a look at how long each took.
            migrationBuilder.Sql(
                """
                CREATE TABLE "NewDomainTotals" (
                    "Span" INTEGER NOT NULL,
                    "Kind" INTEGER NOT NULL,
                    "Start" INTEGER NOT NULL,
                    "Domain" TEXT NOT NULL,
                    "Bucket" INTEGER NOT NULL,
                    "Count" INTEGER NOT NULL,
                    CONSTRAINT "PK_ActivityDomainTotals" PRIMARY KEY ("Span", "Kind", "Start", "Domain", "Bucket")
                ) WITHOUT ROWID;
                INSERT INTO "NewDomainTotals" ("Span", "Kind", "Start", "Domain", "Bucket", "Count")
                SELECT "Span", "Kind", "Start", "Domain", "Bucket", "Count" FROM "ActivityDomainTotals";
                DROP TABLE "ActivityDomainTotals";
                ALTER TABLE "NewDomainTotals" RENAME TO "ActivityDomainTotals";
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                CREATE TABLE "NewDomainTotals" (
                    "Span" INTEGER NOT NULL,
                    "Kind" INTEGER NOT NULL,
                    "Start" INTEGER NOT NULL,
                    "Domain" TEXT NOT NULL,
                    "Bucket" INTEGER NOT NULL,
                    "Count" INTEGER NOT NULL,
                    CONSTRAINT "PK_ActivityDomainTotals" PRIMARY KEY ("Span", "Start", "Domain", "Kind", "Bucket")
                ) WITHOUT ROWID;
                INSERT INTO "NewDomainTotals" ("Span", "Kind", "Start", "Domain", "Bucket", "Count")
                SELECT "Span", "Kind", "Start", "Domain", "Bucket", "Count" FROM "ActivityDomainTotals";
                DROP TABLE "ActivityDomainTotals";
                ALTER TABLE "NewDomainTotals" RENAME TO "ActivityDomainTotals";
                """);
        }
    }
}

using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OtpPortal.Data.Migrations
{
    /// <inheritdoc />
    public partial class Activity : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Correlation",
                table: "Outbox",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<bool>(
                name: "IsAdmin",
                table: "AspNetUsers",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "Activity",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    Purpose = table.Column<string>(type: "TEXT", nullable: false),
                    Channel = table.Column<string>(type: "TEXT", nullable: false),
                    Address = table.Column<string>(type: "TEXT", nullable: false),
                    Client = table.Column<string>(type: "TEXT", nullable: false),
                    Browser = table.Column<string>(type: "TEXT", nullable: false),
                    Node = table.Column<string>(type: "TEXT", nullable: false),
                    Correlation = table.Column<string>(type: "TEXT", nullable: false),
                    Delay = table.Column<long>(type: "INTEGER", nullable: true),
                    Bucket = table.Column<int>(type: "INTEGER", nullable: true),
                    Count = table.Column<int>(type: "INTEGER", nullable: true),
                    Detail = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Activity", x => x.Id);
                });

            // By hand, because EF has no word for WITHOUT ROWID: the key is the table, so that counting touches one tree and not two.
            migrationBuilder.Sql(
                """
                CREATE TABLE "ActivityDomainTotals" (
                    "Span" INTEGER NOT NULL,
                    "Start" INTEGER NOT NULL,
                    "Domain" TEXT NOT NULL,
                    "Kind" INTEGER NOT NULL,
                    "Bucket" INTEGER NOT NULL,
                    "Count" INTEGER NOT NULL,
                    CONSTRAINT "PK_ActivityDomainTotals" PRIMARY KEY ("Span", "Start", "Domain", "Kind", "Bucket")
                ) WITHOUT ROWID
                """);

            migrationBuilder.CreateTable(
                name: "ActivityMarks",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false),
                    UpTo = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ActivityMarks", x => x.Id);
                });

            migrationBuilder.Sql(
                """
                CREATE TABLE "ActivityTotals" (
                    "Span" INTEGER NOT NULL,
                    "Start" INTEGER NOT NULL,
                    "Kind" INTEGER NOT NULL,
                    "Purpose" TEXT NOT NULL,
                    "Bucket" INTEGER NOT NULL,
                    "Count" INTEGER NOT NULL,
                    CONSTRAINT "PK_ActivityTotals" PRIMARY KEY ("Span", "Start", "Kind", "Purpose", "Bucket")
                ) WITHOUT ROWID
                """);

            migrationBuilder.CreateIndex(
                name: "IX_OtpCodes_Purpose_ExpiresAt_VerifiedAt",
                table: "OtpCodes",
                columns: new[] { "Purpose", "ExpiresAt", "VerifiedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Activity_Address_At",
                table: "Activity",
                columns: new[] { "Address", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_Activity_At",
                table: "Activity",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_Activity_Kind_Purpose_At",
                table: "Activity",
                columns: new[] { "Kind", "Purpose", "At" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Activity");

            migrationBuilder.DropTable(
                name: "ActivityDomainTotals");

            migrationBuilder.DropTable(
                name: "ActivityMarks");

            migrationBuilder.DropTable(
                name: "ActivityTotals");

            migrationBuilder.DropIndex(
                name: "IX_OtpCodes_Purpose_ExpiresAt_VerifiedAt",
                table: "OtpCodes");

            migrationBuilder.DropColumn(
                name: "Correlation",
                table: "Outbox");

            migrationBuilder.DropColumn(
                name: "IsAdmin",
                table: "AspNetUsers");
        }
    }
}

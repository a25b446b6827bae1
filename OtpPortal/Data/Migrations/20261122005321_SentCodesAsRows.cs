using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OtpPortal.Data.Migrations
{
    /// <inheritdoc />
    public partial class SentCodesAsRows : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "SentCodes",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Identifier = table.Column<string>(type: "TEXT", maxLength: 254, nullable: false),
                    Purpose = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Binding = table.Column<string>(type: "TEXT", nullable: false),
                    Hash = table.Column<string>(type: "TEXT", nullable: false),
                    SentAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    State = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SentCodes", x => x.Id);
                    table.ForeignKey(
                        name: "FK_SentCodes_OtpCodes_Identifier_Purpose",
                        columns: x => new { x.Identifier, x.Purpose },
                        principalTable: "OtpCodes",
                        principalColumns: new[] { "Email", "Purpose" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_SentCodes_Identifier_Purpose",
                table: "SentCodes",
                columns: new[] { "Identifier", "Purpose" });

            // The earlier codes stood in one text, newest first, each as HASH@EXPIRY; with 64 and 13 characters. When they were sent was not
            // kept, and to which browser a code was bound only in its hash.
            migrationBuilder.Sql("""
                WITH RECURSIVE Place(Number) AS (SELECT 15 UNION ALL SELECT Number - 1 FROM Place WHERE Number > 0)
                INSERT INTO SentCodes (Identifier, Purpose, Binding, Hash, SentAt, ExpiresAt, Attempts, State)
                SELECT Email, Purpose, '', substr(EarlierCodes, 1 + 79 * Number, 64), CreatedAt,
                    CAST(substr(EarlierCodes, 66 + 79 * Number, 13) AS INTEGER), 0, 1
                FROM OtpCodes, Place WHERE length(EarlierCodes) > 79 * Number
                ORDER BY Number DESC
                """);
            migrationBuilder.Sql("""
                INSERT INTO SentCodes (Identifier, Purpose, Binding, Hash, SentAt, ExpiresAt, Attempts, State)
                SELECT Email, Purpose, '', replace(CodeHash, 'redeemed:', ''), LastSentAt, ExpiresAt, Attempts,
                    CASE WHEN VerifiedAt IS NULL THEN 0 ELSE 2 END
                FROM OtpCodes
                """);

            // By hand, because the generated statements rebuild the table, and dropping the old one would delete the rows above.
            migrationBuilder.Sql("ALTER TABLE OtpCodes DROP COLUMN CodeHash");
            migrationBuilder.Sql("ALTER TABLE OtpCodes DROP COLUMN EarlierCodes");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "SentCodes");

            migrationBuilder.AddColumn<string>(
                name: "CodeHash",
                table: "OtpCodes",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "EarlierCodes",
                table: "OtpCodes",
                type: "TEXT",
                nullable: false,
                defaultValue: "");
        }
    }
}

using Microsoft.Data.Sqlite;
using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Otp;

/// <summary>What a thief of the database finds.</summary>
public sealed class StoredRowTests : IAsyncLifetime
{
    // Twenty letters and digits stand nowhere by chance, as six digits may in a time or a hash.
    private readonly PortalHost portal = new PortalHost().With("Otp:Login:CodeLength", "20").With("Otp:Login:Alphabet", "DigitsAndLetters");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact]
    public async Task No_column_of_any_table_holds_the_code_before_or_after_delivery()
    {
        const string email = "thief@example.com";
        Assert.IsType<SendOutcome.Sent>(await portal.TrySendAsync(email));
        var before = await EverythingAsync();
        var code = await portal.CodeForAsync(email);
        Assert.IsType<VerifyOutcome.Wrong>(await portal.VerifyAsync(email, new string('A', 20)));
        portal.Wait(TimeSpan.FromMinutes(2));
        await portal.SendAsync(email);

        Assert.Contains(before, value => value == email);
        Assert.DoesNotContain(before, value => value.Contains(code, StringComparison.Ordinal));
        Assert.DoesNotContain(await EverythingAsync(), value => value.Contains(code, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_redeemed_code_makes_the_codes_before_it_worthless()
    {
        const string email = "wiped@example.com";
        await portal.SendAsync(email);
        portal.Wait(TimeSpan.FromMinutes(2));
        var code = await portal.SendAsync(email);
        Assert.IsType<VerifyOutcome.Verified>(await portal.VerifyAsync(email, code));

        var row = await portal.ReadAsync(db => Task.FromResult(db.OtpCodes.Single(row => row.Email == email)));
        var sent = await portal.ReadAsync(db => Task.FromResult(
            db.SentCodes.Where(code => code.Identifier == email).OrderBy(code => code.Id).Select(code => code.State).ToList()));

        Assert.Equal([SentCodeState.Revoked, SentCodeState.Redeemed], sent);
        Assert.Equal(portal.Clock!.GetUtcNow(), row.VerifiedAt);
    }

    [Fact]
    public async Task A_stranger_cannot_tell_a_redeemed_code_from_a_waiting_one()
    {
        await portal.SendAsync("waits@example.com");
        Assert.IsType<VerifyOutcome.Verified>(
            await portal.VerifyAsync("redeemed@example.com", await portal.SendAsync("redeemed@example.com")));

        Assert.Equal(await portal.StatusAsync("waits@example.com"), await portal.StatusAsync("redeemed@example.com"));
        for (var guess = 0; guess < 6; guess++)
        {
            Assert.Equal(
                await portal.VerifyAsync("waits@example.com", "000000", binding: OtpSteps.OtherBrowser),
                await portal.VerifyAsync("redeemed@example.com", "000000", binding: OtpSteps.OtherBrowser));
        }
    }

    // Every value of every table, as text.
    private async Task<List<string>> EverythingAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={portal.DatabasePath}");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var tables = await ReadAsync(connection, "SELECT name FROM sqlite_master WHERE type = 'table'");
        var values = new List<string>();
        foreach (var table in tables)
        {
            values.AddRange(await ReadAsync(connection, $"SELECT * FROM \"{table}\""));
        }

        return values;
    }

    private static async Task<List<string>> ReadAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The names come from the database's own catalogue.
        command.CommandText = sql;
#pragma warning restore CA2100
        var values = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            values.AddRange(Enumerable.Range(0, reader.FieldCount)
                .Select(i => Convert.ToString(reader.GetValue(i), System.Globalization.CultureInfo.InvariantCulture)!));
        }

        return values;
    }
}

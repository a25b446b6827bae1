using OtpPortal.Admin;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Admin;

/// <summary>Finding people, and what is told of them.</summary>
public sealed class PeopleTests : IAsyncLifetime
{
    private AdminHost host = null!;
    private DateTimeOffset made = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => host = await AdminHost.StartAsync();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Theory]
    [InlineData("zoe@mail.example.org", "zoe")]
    [InlineData("  ZOE@MAIL.example.org ", "zoe")]
    [InlineData("oe@mail", "zoe")]
    [InlineData("zoë", "zoe")]
    [InlineData("ZOË ÖZ", "zoe")]
    [InlineData("Zoe\u0308", "zoe")]
    [InlineData("özgür", "zoe")]
    [InlineData("the.painter", "zoe")]
    [InlineData("+447700900123", "zoe")]
    [InlineData("+44 7700 900 123", "zoe")]
    [InlineData("07700 900123", "zoe")]
    [InlineData("900-123", "zoe")]
    [InlineData("mail.example", "zoe")]
    [InlineData("ann", "joann ann admin")]
    [InlineData("ann@example.com", "ann")]
    [InlineData("nn@example.com", "joann ann")]
    [InlineData("ann other", "admin")]
    [InlineData("ann%", "")]
    [InlineData("a_n", "")]
    [InlineData("ann zoë", "")]
    [InlineData("0", "zoe")]
    [InlineData("00", "zoe")]
    [InlineData("\n", "zoe joann ann admin")]
    [InlineData("", "zoe joann ann admin")]
    [InlineData("nobody at all", "")]
    public async Task A_person_is_found_by_a_part_of_a_name_or_address(string sought, string expected)
    {
        await AddAsync("ann@example.com", user => user.FirstName = "Ann");
        await AddAsync("joann@example.com", user => user.FirstName = "Jo");
        await AddAsync("zoe@mail.example.org", user =>
        {
            (user.FirstName, user.LastName, user.PhoneNumber) = ("Zoë", "Özgür", "+447700900123");
            (user.UserName, user.NormalizedUserName) = ("The.Painter", "the.painter");
        });

        var found = await host.People.SearchAsync(sought, null, Cancel);

        Assert.Equal(expected, string.Join(' ', found.People.Select(person => person.Email.Split('@')[0])));
        Assert.Equal((null, false), (found.Next, found.IsStopped));
    }

    [Theory]
    [InlineData("")]
    [InlineData("person")]
    public async Task Every_account_is_on_exactly_one_page_of_people(string sought)
    {
        const int Count = (2 * People.PageSize) + 7;
        for (var i = 0; i < Count; i++)
        {
            await AddAsync($"person{i}@example.com");
        }

        var (seen, sizes, before) = (new List<string>(), new List<int>(), (string?)null);
        do
        {
            var page = await host.People.SearchAsync(sought, before, Cancel);
            seen.AddRange(page.People.Select(person => person.Email));
            sizes.Add(page.People.Count);
            before = page.Next;
        }
        while (before is not null);

        Assert.Equal([.. Enumerable.Range(0, Count).Reverse().Select(i => $"person{i}@example.com")],
            seen.Where(email => email != AdminHost.Administrator));
        Assert.All(sizes.SkipLast(1), size => Assert.Equal(People.PageSize, size));
    }

    [Fact]
    public async Task A_page_of_people_that_is_just_full_is_the_last_one()
    {
        for (var i = 0; i < People.PageSize; i++)
        {
            await AddAsync($"person{i}@example.com");
        }

        var found = await host.People.SearchAsync("person", null, Cancel);

        Assert.Equal((People.PageSize, null), (found.People.Count, found.Next));
    }

    [Fact]
    public async Task The_list_of_people_says_who_is_verified_locked_and_an_administrator()
    {
        await AddAsync("ann@example.com");

        // Of accounts that are made in the same millisecond, either may come first.
        host.Portal.Wait(TimeSpan.FromMilliseconds(1));
        await host.Api.VerifiedAsync("bob@example.com");
        await host.LockAsync("bob@example.com", "register");
        host.Portal.Wait(TimeSpan.FromMilliseconds(1));
        await host.Api.VerifiedAsync("chi@example.com");
        await host.LockAsync("chi@example.com", purpose: null);

        Assert.Equal(
            [("ann@example.com", false, false, false), ("chi@example.com", true, true, false), ("bob@example.com", true, true, false),
                (AdminHost.Administrator, true, false, true)],
            (await host.People.SearchAsync(null, null, Cancel)).People.Select(
                person => (person.Email, person.IsVerified, person.IsLocked, person.IsAdmin)));

        host.Portal.Wait(TimeSpan.FromHours(24));
        Assert.All((await host.People.SearchAsync(null, null, Cancel)).People, person => Assert.False(person.IsLocked));
    }

    [Fact]
    public async Task A_locked_number_is_shown_for_its_owner_and_for_others_only_its_verification()
    {
        const string Mobile = "+447700900123";
        await AddAsync(
            "owner@example.com", user => (user.PhoneNumber, user.PhoneNumberConfirmed, user.EmailConfirmed) = (Mobile, true, true));
        await AddAsync("other@example.com", user => user.PhoneNumber = Mobile);
        await host.Portal.TrySendAsync(Mobile, OtpPortal.Data.Purpose.Login);
        await host.Portal.TrySendAsync(Mobile, OtpPortal.Data.Purpose.Register);
        await host.LockAsync(Mobile, "login");

        var until = host.Portal.Clock!.GetUtcNow().AddHours(24);
        Assert.Equal([new PersonLock("login", true, until)], (await FindAsync("owner@example.com")).Locks);
        Assert.Empty((await FindAsync("other@example.com")).Locks);

        await host.LockAsync(Mobile, "register");
        Assert.Equal(
            [new PersonLock("register", true, until), new PersonLock("login", true, until)], (await FindAsync("owner@example.com")).Locks);
        Assert.Equal([new PersonLock("register", true, until)], (await FindAsync("other@example.com")).Locks);
    }

    [Fact]
    public async Task The_details_of_a_person_have_all_that_is_known_and_no_hash()
    {
        await host.Api.VerifiedAsync("ann@example.com");
        await host.Api.LoginAsync("ann@example.com");
        await host.Api.LoginAsync("ann@example.com");

        var ann = await FindAsync("ann@example.com");

        var now = host.Portal.Clock!.GetUtcNow();
        Assert.Equal(
            new PersonDetails(await host.IdAsync("ann@example.com"), "ann@example.com")
            {
                FirstName = "Ann", LastName = "Other", HasPassword = true, IsVerified = true, RegisteredAt = now, LastSignInAt = now,
                    ApiSessions = 2, Locks = ann.Locks,
            },
            ann);
        Assert.Empty(ann.Locks);
        Assert.DoesNotContain((await host.AccountAsync("ann@example.com"))!.PasswordHash!, ann.ToString(), StringComparison.Ordinal);
        Assert.Null(await host.People.FindAsync("nobody", Cancel));
    }

    [Fact]
    public async Task The_session_count_of_a_person_has_the_live_sessions_alone()
    {
        await host.Api.VerifiedAsync("ann@example.com");
        var begun = await host.Api.LoginAsync("ann@example.com");
        (await host.Api.PostAsync("refresh", new { refreshToken = begun.Of("refreshToken") })).Is(System.Net.HttpStatusCode.OK);
        Assert.Equal(1, (await FindAsync("ann@example.com")).ApiSessions);

        host.Portal.Wait(TimeSpan.FromDays(30));
        Assert.Equal(0, (await FindAsync("ann@example.com")).ApiSessions);
    }

    private async Task<PersonDetails> FindAsync(string email) => (await host.People.FindAsync(await host.IdAsync(email), Cancel))!;

    private Task AddAsync(string email, Action<PortalUser>? with = null) => host.Portal.Lane.RunAsync(
        async db =>
        {
            // Later than those that the portal makes, and each a millisecond after the one before: two of the same one have no order.
            made = made.AddMilliseconds(1);
            var user = new PortalUser
            {
                Id = Guid.CreateVersion7(made).ToString(),
                Email = email,
                NormalizedEmail = email,
                UserName = email,
                NormalizedUserName = email,
                SecurityStamp = email,
                RegisteredAt = host.Portal.Clock!.GetUtcNow(),
            };
            with?.Invoke(user);
            db.Users.Add(user);
            await db.SaveChangesAsync(Cancel);
        },
        Cancel);
}

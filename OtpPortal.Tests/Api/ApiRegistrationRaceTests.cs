using System.Net;
using Microsoft.EntityFrameworkCore;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary>Registrations of one address or one user name that come at once.</summary>
public sealed class ApiRegistrationRaceTests(ApiHost host) : ApiRaceTest(host)
{
    [Fact]
    public async Task One_of_several_parallel_registrations_of_an_address_is_accepted_and_makes_one_account()
    {
        for (var round = 0; round < 5; round++)
        {
            var email = $"register{round}@example.com";

            var answers = await ParallelCalls.RunAsync(
                MostHashed, _ => api.PostAsync("register", new { email, password = ApiHost.Password, userName = $"name{round}" }));

            Assert.Single(answers, answer => answer.Status == HttpStatusCode.Accepted);
            Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.Accepted), answer => answer.IsTooMany("cooldown", 120));
            Assert.Equal(1, await api.MessagesToAsync(email));
            Assert.Equal(1, await api.Portal.ReadAsync(db => db.PendingRegistrations.CountAsync(row => row.Email == email, Cancel)));
            var otp = await api.Portal.CodeForAsync(email);
            var entered = await ParallelCalls.RunAsync(20, _ => EnterAsync("verify-email-otp", "register", email, otp));
            Assert.Single(entered, answer => answer.Status == HttpStatusCode.OK);
            Assert.Equal(1, await api.Portal.ReadAsync(db => db.Users.CountAsync(user => user.NormalizedEmail == email, Cancel)));
            await api.LoginAsync(email);
        }
    }

    [Fact]
    public async Task Parallel_registrants_with_different_passwords_get_no_account_with_theirs()
    {
        for (var round = 0; round < 5; round++)
        {
            var email = $"rivals{round}@example.com";

            await ParallelCalls.RunAsync(MostHashed, i => api.PostAsync("register", new { email, password = $"the password of {i}" }));
            (await EnterAsync("verify-email-otp", "register", email, await api.Portal.CodeForAsync(email))).Is(HttpStatusCode.OK);

            for (var i = 0; i < MostHashed; i++)
            {
                // Whichever of them the registration remembers answers as one that waits, for its day; none signs in.
                var answer = await api.PostAsync("login", new { email, password = $"the password of {i}" });
                Assert.Contains(answer.Status, new[] { HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden });
            }

            Assert.Null(
                await api.Portal.ReadAsync(db => db.Users.Where(user => user.NormalizedEmail == email).Select(user => user.PasswordHash)
                    .SingleAsync(Cancel)));
        }
    }

    [Fact]
    public async Task One_of_several_parallel_registrants_of_a_user_name_gets_it()
    {
        await ParallelCalls.RunAsync(MostHashed,
            i => api.PostAsync("register", new { email = $"name{i}@example.com", password = ApiHost.Password, userName = "WANTED" }));

        var waiting = Enumerable.Range(0, MostHashed).Select(i => $"name{i}@example.com").ToList();
        var codes = new List<string>();
        foreach (var email in waiting)
        {
            codes.Add(await api.Portal.CodeForAsync(email));
        }

        await ParallelCalls.RunAsync(MostHashed, i => EnterAsync("verify-email-otp", "register", waiting[i], codes[i]));
        var holders = await api.Portal.ReadAsync(db => db.Users.CountAsync(user => user.NormalizedUserName == "wanted", Cancel));
        var accounts = await api.Portal.ReadAsync(db => db.Users.CountAsync(user => user.Email!.StartsWith("name"), Cancel));
        Assert.Equal((1, MostHashed), (holders, accounts));
    }
}

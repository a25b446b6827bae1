using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>What is particular to one use of codes: who gets one, and what follows from the right one.</summary>
public interface ICodeHandler
{
    CodeUse Use { get; }

    /// <summary>What is wrong with a request, as far as that can be told without the database; null if nothing is.</summary>
    FieldError? Check(CodeRequest request);

    /// <summary>What to send, or why nothing is sent.</summary>
    /// <param name="db">The caller's unit of work.</param>
    Task<PreparedCode> PrepareAsync(PortalDbContext db, CodeRequest request, CancellationToken cancellationToken);

    /// <summary>To what the code is bound, besides the browser or program in which it is entered.</summary>
    Binding Bind(CodeEntry entry) => entry.Binding;

    /// <summary>Whether the code is compared at all.</summary>
    Task<bool> MayCompareAsync(CodeEntry entry, CancellationToken cancellationToken) => Task.FromResult(true);

    /// <summary>What follows from the right code, in the unit of work in which it is redeemed.</summary>
    /// <exception cref="CodeKeptException">The code is right, but is not redeemed.</exception>
    Task<CodeEntryOutcome> AcceptAsync(PortalDbContext db, CodeEntry entry);
}

/// <summary>A code that is ready to be sent, or why none is.</summary>
/// <param name="Send">Null together with a refusal.</param>
/// <param name="Refusal">Null together with what to send.</param>
public sealed record PreparedCode(SendRequest? Send, CodeRequestOutcome? Refusal)
{
    public static implicit operator PreparedCode(SendRequest send) => new(send, Refusal: null);

    public static implicit operator PreparedCode(CodeRequestOutcome refusal) => new(Send: null, refusal);
}

/// <summary>Undoes the redemption of a right code, which stays good.</summary>
/// <param name="outcome">What to answer.</param>
public sealed class CodeKeptException(CodeEntryOutcome outcome) : Exception
{
    /// <summary>What to answer.</summary>
    public CodeEntryOutcome Outcome { get; } = outcome;
}

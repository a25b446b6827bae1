using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>Handles one use of codes: who gets a code, and what follows from the correct one.</summary>
public interface ICodeHandler
{
    CodeUse Use { get; }

    /// <summary>The error in a request, as far as it can be found without the database, or null.</summary>
    FieldError? Check(CodeRequest request);

    /// <summary>Prepares the code to send, or the reason why none is sent.</summary>
    Task<PreparedCode> PrepareAsync(PortalDbContext db, CodeRequest request, CancellationToken cancellationToken);

    /// <summary>What the code is bound to, in addition to the browser or program in which it is entered.</summary>
    Binding Bind(CodeEntry entry) => entry.Binding;

    /// <summary>Whether to compare the code at all.</summary>
    Task<bool> MayCompareAsync(CodeEntry entry, CancellationToken cancellationToken) => Task.FromResult(true);

    /// <summary>Applies the consequences of the correct code, in the unit of work that redeems it.</summary>
    /// <exception cref="CodeKeptException">The code is correct, but must not be redeemed.</exception>
    Task<CodeEntryOutcome> AcceptAsync(PortalDbContext db, CodeEntry entry);
}

/// <summary>A code that is ready to be sent, or the reason why none is sent.</summary>
/// <param name="Send">Null if there is a refusal.</param>
/// <param name="Refusal">Null if there is a code to send.</param>
public sealed record PreparedCode(SendRequest? Send, CodeRequestOutcome? Refusal)
{
    public static implicit operator PreparedCode(SendRequest send) => new(send, Refusal: null);

    public static implicit operator PreparedCode(CodeRequestOutcome refusal) => new(Send: null, refusal);
}

/// <summary>Undoes the redemption of a correct code, which stays valid.</summary>
internal sealed class CodeKeptException(CodeEntryOutcome outcome) : Exception
{
    public CodeEntryOutcome Outcome { get; } = outcome;
}

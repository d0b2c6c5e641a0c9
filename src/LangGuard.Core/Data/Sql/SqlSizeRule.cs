namespace LangGuard.Data;

/// <summary>How the arguments of a function say how large its value becomes.</summary>
internal enum SqlSizeRule
{
    /// <summary>No larger than the arguments together.</summary>
    None,

    /// <summary>One argument is the number of characters, or of times that another argument is repeated.</summary>
    Characters,

    /// <summary>One argument is the number of elements.</summary>
    Elements,

    /// <summary>The arguments are where a list of numbers or times begins and ends, and how far it steps.</summary>
    Range,

    /// <summary>One argument is a text in which numbers say how wide a value is printed.</summary>
    Format,

    /// <summary>As large as the arguments multiplied.</summary>
    Product,

    /// <summary>The same, and a lambda function makes the value from itself, once for each element.</summary>
    Reduction,

    /// <summary>As large as its arguments some times over: <c>hex(hex(x))</c> doubles twice.</summary>
    Growth,
}

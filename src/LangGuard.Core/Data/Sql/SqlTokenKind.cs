namespace LangGuard.Data;

/// <summary>What the lexer tells apart.</summary>
internal enum SqlTokenKind : byte
{
    /// <summary>The end of the text.</summary>
    End = 0,

    /// <summary>A name or keyword without quotes.</summary>
    Word,

    /// <summary>A name in quotes.</summary>
    QuotedName,

    Text,

    Number,

    Parameter,

    /// <summary>Any operator that is not one of the following.</summary>
    Operator,

    Star,

    Equal,

    Open,

    Close,

    OpenBracket,

    CloseBracket,

    OpenBrace,

    CloseBrace,

    Comma,

    Dot,

    Colon,

    /// <summary><c>::</c></summary>
    Cast,

    /// <summary><c>=&gt;</c> or <c>:=</c></summary>
    Arrow,

    Semicolon,
}

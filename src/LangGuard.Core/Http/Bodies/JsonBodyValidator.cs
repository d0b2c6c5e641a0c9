using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace LangGuard.Http;

/// <summary>
/// Reads a JSON body once, in linear time and without recursion, and compares it with a schema. What two JSON readers could
/// take for two different values is refused whether there is a schema or not.
/// </summary>
internal ref struct JsonBodyValidator
{
    public const int DefaultDepth = 32;
    public const int LargestDepth = 64;

    private readonly int _maxDepth;
    private Utf8JsonReader _reader;
    private readonly Frame[] _frames;
    private int _depth;
    private ulong[] _seen;
    private int _seenEnd;
    private char[] _text;
    private HashSet<(int Object, string Key)>? _keys;
    private int _objects;

    private JsonBodyValidator(ReadOnlySpan<byte> json, int maxDepth)
    {
        _maxDepth = maxDepth;
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = maxDepth });
        _frames = ArrayPool<Frame>.Shared.Rent(maxDepth);
        _seen = ArrayPool<ulong>.Shared.Rent(16);
        _text = ArrayPool<char>.Shared.Rent(256);
    }

    /// <summary>Null when the body is granted.</summary>
    /// <param name="json">The whole body.</param>
    /// <param name="schema">What it must be, or null for any JSON.</param>
    /// <param name="maxDepth">The deepest nesting, at most <see cref="LargestDepth"/>.</param>
    public static Reason? Validate(ReadOnlySpan<byte> json, JsonSchemaNode? schema, int maxDepth = DefaultDepth)
    {
        // The reader leaves the text of strings unchecked; a byte order mark is not part of JSON.
        if (json.IsEmpty || !Utf8.IsValid(json))
        {
            return BodyReasons.Json;
        }

        var validator = new JsonBodyValidator(json, Math.Min(maxDepth, LargestDepth));
        try
        {
            return validator.Run(schema is { IsAny: true } ? null : schema);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, too deep, or an escaped half of a surrogate pair.
            return BodyReasons.Json;
        }
        finally
        {
            validator.Return();
        }
    }

    private void Return()
    {
        ArrayPool<Frame>.Shared.Return(_frames, clearArray: true);
        ArrayPool<ulong>.Shared.Return(_seen);
        ArrayPool<char>.Shared.Return(_text, clearArray: true);
    }

    private Reason? Run(JsonSchemaNode? expected)
    {
        while (_reader.Read())
        {
            Reason? problem = null;
            switch (_reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    problem = NextKey(out expected);
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    problem = NextItem(ref expected) ?? Open(expected);
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    problem = Close();
                    break;
                default:
                    problem = NextItem(ref expected) ?? CheckScalar(expected);
                    break;
            }

            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    /// <summary>In an array, counts the item and takes what the array expects; in an object, the key has said it.</summary>
    private readonly Reason? NextItem(ref JsonSchemaNode? expected)
    {
        if (_depth == 0)
        {
            return null;
        }

        ref var frame = ref _frames[_depth - 1];
        if (frame.IsObject)
        {
            return null;
        }

        frame.Count++;
        expected = frame.Node?.Items is { IsAny: false } items ? items : null;
        return frame.Node is { } node && frame.Count > node.MaxItems ? node.Failure : null;
    }

    private Reason? Open(JsonSchemaNode? node)
    {
        var isObject = _reader.TokenType == JsonTokenType.StartObject;
        if (node is not null && (node.Types & (isObject ? JsonTypes.Object : JsonTypes.Array)) == 0)
        {
            return node.Failure;
        }

        if (_depth == _maxDepth)
        {
            return BodyReasons.Json;
        }

        // In a free object a key of its own set remembers what was there; in a declared one, a bit each.
        var words = isObject && node is not null ? (node.Properties.Count + 63) / 64 : 0;
        if (_seenEnd + words > _seen.Length)
        {
            var larger = ArrayPool<ulong>.Shared.Rent(Math.Max(_seen.Length * 2, _seenEnd + words));
            _seen.AsSpan(0, _seenEnd).CopyTo(larger);
            ArrayPool<ulong>.Shared.Return(_seen);
            _seen = larger;
        }

        _seen.AsSpan(_seenEnd, words).Clear();
        var parentIsConstructor = _depth > 0 && _frames[_depth - 1].LastIsConstructor;
        _frames[_depth++] = new Frame(node, isObject, _seenEnd, ++_objects, parentIsConstructor);
        _seenEnd += words;
        return null;
    }

    private Reason? Close()
    {
        ref var frame = ref _frames[--_depth];
        _seenEnd = frame.SeenAt;
        if (frame.Node is not { } node)
        {
            return null;
        }

        if (frame.Count < (frame.IsObject ? node.MinProperties : node.MinItems))
        {
            return node.Failure;
        }

        if (frame.IsObject)
        {
            foreach (var index in node.Required)
            {
                if ((_seen[frame.SeenAt + (index / 64)] & (1UL << (index % 64))) == 0)
                {
                    return node.Failure;
                }
            }
        }

        return null;
    }

    private Reason? NextKey(out JsonSchemaNode? expected)
    {
        expected = null;
        ref var frame = ref _frames[_depth - 1];
        var key = Text();
        if (!JsonKeys.IsPlain(key) || JsonKeys.IsHostile(key) || (frame.IsConstructor && key is "prototype"))
        {
            return BodyReasons.Key;
        }

        if (_depth == 1 && MethodOverrides.IsMatch(key))
        {
            return BodyReasons.MethodOverride;
        }

        frame.LastIsConstructor = key is "constructor";
        frame.Count++;
        if (frame.Node is { } node)
        {
            if (frame.Count > node.MaxProperties)
            {
                return node.Failure;
            }

            if (node.PropertyLookup.TryGetValue(key, out var declared))
            {
                ref var word = ref _seen[frame.SeenAt + (declared.Index / 64)];
                var bit = 1UL << (declared.Index % 64);
                if ((word & bit) != 0)
                {
                    return BodyReasons.DuplicateKey;
                }

                word |= bit;
                expected = declared.Node.IsAny ? null : declared.Node;
                return null;
            }

            if (node.Additional is not { } additional)
            {
                return BodyReasons.Key;
            }

            // A server that ignores letter case would read this key in the place of the declared one, unchecked.
            if (node.FoldedNames.Contains(JsonKeys.Fold(key)))
            {
                return BodyReasons.DuplicateKey;
            }

            expected = additional.IsAny ? null : additional;
        }

        return Remember(frame.Id, key);
    }

    private Reason? Remember(int id, ReadOnlySpan<char> key)
    {
        _keys ??= [];
        return _keys.Add((id, JsonKeys.Fold(key))) ? null : BodyReasons.DuplicateKey;
    }

    private Reason? CheckScalar(JsonSchemaNode? node)
    {
        switch (_reader.TokenType)
        {
            case JsonTokenType.String:
                return CheckString(node);
            case JsonTokenType.Number:
                return CheckNumber(node);
            case JsonTokenType.True or JsonTokenType.False:
                var value = _reader.TokenType == JsonTokenType.True;
                return node is null
                    || (Grants(node, JsonTypes.Boolean) && (node.Boolean is null || node.Boolean == value))
                    ? null
                    : node.Failure;
            case JsonTokenType.Null:
                return node is null || Grants(node, JsonTypes.Null) ? null : node.Failure;
            default:
                return BodyReasons.Json;
        }
    }

    private static bool Grants(JsonSchemaNode node, JsonTypes type) =>
        (node.Types & type) != 0 && (node.Choices is not { } choices || (choices & type) != 0);

    private readonly Reason? CheckNumber(JsonSchemaNode? node)
    {
        var text = _reader.ValueSpan;
        if (!JsonNumber.TryParse(text, out var number))
        {
            return BodyReasons.Number;
        }

        if (node is null)
        {
            return null;
        }

        if ((node.Types & JsonTypes.Number) == 0
            && ((node.Types & JsonTypes.Integer) == 0 || !JsonNumber.IsInteger(text)))
        {
            return node.Failure;
        }

        return IsInRange(node, number) && IsChoice(node, number) ? null : node.Failure;
    }

    private static bool IsInRange(JsonSchemaNode node, in JsonNumber number)
    {
        if (node.Minimum is not null)
        {
            _ = JsonNumber.TryParse(node.Minimum, out var minimum);
            var order = number.CompareTo(minimum);
            if (order < 0 || (order == 0 && node.ExcludesMinimum))
            {
                return false;
            }
        }

        if (node.Maximum is not null)
        {
            _ = JsonNumber.TryParse(node.Maximum, out var maximum);
            var order = number.CompareTo(maximum);
            return order < 0 || (order == 0 && !node.ExcludesMaximum);
        }

        return true;
    }

    private static bool IsChoice(JsonSchemaNode node, in JsonNumber number)
    {
        if (node.Choices is null)
        {
            return true;
        }

        foreach (var choice in node.Numbers!)
        {
            _ = JsonNumber.TryParse(choice, out var value);
            if (number.CompareTo(value) == 0)
            {
                return true;
            }
        }

        return false;
    }

    private Reason? CheckString(JsonSchemaNode? node)
    {
        if (node is null)
        {
            if (_reader.ValueIsEscaped)
            {
                // Throws for an escaped half of a surrogate pair, which servers replace, drop or keep.
                _ = Text();
            }

            return null;
        }

        if ((node.Types & JsonTypes.String) == 0)
        {
            return node.Failure;
        }

        // A string that ends at NUL for the server is not the string that was checked.
        var text = Text();
        if (text.Contains('\0')
            || (node.Choices is not null && !node.StringLookup.Contains(text))
            || (node.Format is not null && !JsonFormats.Accepts(node.Format, text))
            || !HasLength(node, text)
            || (node.Pattern is not null && !node.Pattern.IsMatch(text)))
        {
            return node.Failure;
        }

        return null;
    }

    private static bool HasLength(JsonSchemaNode node, ReadOnlySpan<char> text)
    {
        if (node.MinLength == 0 && node.MaxLength == int.MaxValue)
        {
            return true;
        }

        // A character outside the basic plane counts once, as in JSON schema.
        var length = text.Length;
        foreach (var c in text)
        {
            length -= char.IsLowSurrogate(c) ? 1 : 0;
        }

        return length >= node.MinLength && length <= node.MaxLength;
    }

    /// <summary>The current key or string, unescaped.</summary>
    private ReadOnlySpan<char> Text()
    {
        if (_text.Length < _reader.ValueSpan.Length)
        {
            var larger = ArrayPool<char>.Shared.Rent(_reader.ValueSpan.Length);
            ArrayPool<char>.Shared.Return(_text, clearArray: true);
            _text = larger;
        }

        return _text.AsSpan(0, _reader.CopyString(_text));
    }

    /// <summary>One open object or array.</summary>
    private struct Frame(JsonSchemaNode? node, bool isObject, int seenAt, int id, bool isConstructor)
    {
        public readonly JsonSchemaNode? Node = node;
        public readonly bool IsObject = isObject;
        public readonly int SeenAt = seenAt;
        public readonly int Id = id;
        public readonly bool IsConstructor = isConstructor;
        public int Count;
        public bool LastIsConstructor;
    }
}

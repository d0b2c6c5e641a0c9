using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using CsCheck;
using LangGuard.Http;

namespace LangGuard.Tests.Http.Bodies;

/// <summary>The streaming validator against slow and obvious readings of the same text.</summary>
public sealed class JsonBodyPropertyTests
{
    private static readonly Gen<string> Key = Gen.OneOf("a", "A", "b", "\\u0061", "_method", "__proto__", "k", "\u212a");

    private static readonly Gen<string> Json = Gen.Recursive<string>((depth, value) => depth > 4
        ? Gen.OneOf("1", "\"x\"", "null", "true", "1e5", "-0.5", "{}", "[]")
        : Gen.OneOf(
            Gen.OneOf("0", "\"\\u0041\"", "false", "12.50"),
            value.Array[0, 3].Select(items => "[" + string.Join(',', items) + "]"),
            Gen.Select(Key, value).Array[0, 3].Select(pairs =>
                "{" + string.Join(',', pairs.Select(p => $"\"{p.Item1}\":{p.Item2}")) + "}")));

    [Fact]
    public void Agrees_with_a_slow_search_for_ambiguous_keys() => Json.Sample(
        json =>
        {
            using var document = JsonDocument.Parse(json);
            var expected = IsPlain(document.RootElement, isRoot: true);
            (JsonBodyValidator.Validate(Encoding.UTF8.GetBytes(json), null) is null).Should().Be(expected, json);
        },
        iter: 20_000);

    [Fact]
    public void Never_throws_and_never_grants_what_the_platform_refuses() =>
        Gen.Select(Json, Gen.Int[0, 200], Gen.OneOf("", "{", "}", "\"", ",", "\\", "\0", "\ufeff", "1", "//", "e"))
            .Sample(
                (json, at, noise) =>
                {
                    var text = json.Insert(Math.Min(at, json.Length), noise);
                    var bytes = Encoding.UTF8.GetBytes(text);
                    if (JsonBodyValidator.Validate(bytes, null) is null)
                    {
                        var parse = () => JsonDocument.Parse(
                            text, new JsonDocumentOptions { AllowDuplicateProperties = false }).Dispose();
                        parse.Should().NotThrow(text);
                    }
                },
                iter: 20_000);

    [Fact]
    public void Agrees_with_big_rational_numbers() => Gen.Select(Number, Number).Sample(
        (a, b) =>
        {
            if (JsonNumber.TryParse(Encoding.UTF8.GetBytes(a), out var left)
                && JsonNumber.TryParse(Encoding.UTF8.GetBytes(b), out var right))
            {
                Math.Sign(left.CompareTo(right)).Should().Be(Compare(a, b), $"{a} and {b}");
            }
        },
        iter: 50_000);

    private static Gen<string> Number =>
        Gen.Select(Gen.OneOf("", "-"), Gen.Int[0, 2000], Gen.OneOf("", ".0", ".5", ".05", ".10", ".999", ".001"),
            Gen.OneOf("", "e0", "e1", "E2", "e-1", "e-3", "e+2")).Select((s, i, f, e) => s + i + f + e);

    private static int Compare(string a, string b)
    {
        var (x, y) = (Parse(a), Parse(b));
        return (x.Numerator * y.Denominator).CompareTo(y.Numerator * x.Denominator);
    }

    private static (BigInteger Numerator, BigInteger Denominator) Parse(string text)
    {
        var e = text.IndexOfAny(['e', 'E']);
        var exponent = e < 0 ? 0 : int.Parse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var digits = e < 0 ? text : text[..e];
        var point = digits.IndexOf('.');
        exponent -= point < 0 ? 0 : digits.Length - point - 1;
        var value = BigInteger.Parse(digits.Replace(".", string.Empty), CultureInfo.InvariantCulture);
        return exponent >= 0 ? (value * BigInteger.Pow(10, exponent), 1) : (value, BigInteger.Pow(10, -exponent));
    }

    private static bool IsPlain(JsonElement element, bool isRoot)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            return element.EnumerateArray().All(item => IsPlain(item, false));
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            return true;
        }

        var names = element.EnumerateObject().Select(p => p.Name).ToList();
        return names.Select(n => n.Replace('\u212a', 'K').ToUpperInvariant()).Distinct().Count() == names.Count
            && !names.Contains("__proto__")
            && !(isRoot && names.Contains("_method"))
            && element.EnumerateObject().All(p => IsPlain(p.Value, false));
    }
}

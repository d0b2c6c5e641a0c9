using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>Reads the clauses about request bodies.</summary>
internal static class HttpBodyClauses
{
    public static HttpBodyRule Parse(string clause, HttpRuleReader reader, HttpBodyRule? before)
    {
        if (clause == "body" && before is null && reader.Peek() == "type")
        {
            reader.Read("type");
            return new BodyTypeRule(reader.ReadList("media types such as application/json"));
        }

        throw reader.Expected("'body type' and a media type");
    }
}

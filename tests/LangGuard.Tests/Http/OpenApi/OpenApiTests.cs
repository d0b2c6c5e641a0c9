using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LangGuard.OpenApi;
using Microsoft.AspNetCore.Http;

namespace LangGuard.Tests.Http.OpenApi;

public sealed class OpenApiTests : IDisposable
{
    private const string Document =
        """
        {
          "openapi": "3.0.3",
          "info": { "title": "Pets", "version": "1" },
          "servers": [{ "url": "https://evil.test/v9" }],
          "paths": {
            "/pets": {
              "get": {
                "operationId": "listPets", "tags": ["pets"], "summary": "Lists pets.", "description": "All of them.",
                "parameters": [
                  { "name": "limit", "in": "query", "schema": { "type": "integer", "format": "int32" } },
                  { "name": "status", "in": "query", "schema": { "type": "string", "enum": ["open", "sold"] } },
                  { "name": "ids", "in": "query", "schema": { "type": "array", "items": { "type": "integer" } } },
                  { "$ref": "#/components/parameters/Trace" }
                ],
                "responses": { "200": { "description": "ok" } }
              },
              "post": {
                "operationId": "createPet", "tags": ["pets"],
                "requestBody": { "required": true, "content": { "application/json": {
                  "schema": { "$ref": "#/components/schemas/NewPet" } } } },
                "responses": { "201": { "description": "made" } }
              }
            },
            "/pets/{petId}": {
              "parameters": [
                { "name": "petId", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" } }
              ],
              "get": { "operationId": "getPet", "tags": ["pets"], "responses": { "200": { "description": "ok" } } },
              "delete": { "operationId": "deletePet", "tags": ["pets"], "responses": { "204": { "description": "gone" } } }
            },
            "/charges": {
              "post": {
                "operationId": "charge",
                "requestBody": { "content": { "application/x-www-form-urlencoded": { "schema": {
                  "type": "object",
                  "properties": { "amount": { "type": "integer" }, "currency": { "type": "string", "enum": ["eur", "usd"] } } } } } },
                "responses": { "200": { "description": "ok" } }
              }
            },
            "/photos": {
              "post": {
                "operationId": "addPhoto",
                "requestBody": { "required": true, "content": { "multipart/form-data": {
                  "schema": { "type": "object", "required": ["photo"], "properties": {
                    "photo": { "type": "string", "format": "binary" },
                    "thumb": { "type": "string", "format": "byte" },
                    "title": { "type": "string", "maxLength": 20 },
                    "rank": { "type": "integer" } } },
                  "encoding": { "photo": { "contentType": "image/png, image/jpeg" } } } } },
                "responses": { "200": { "description": "ok" } }
              }
            },
            "/odd": {
              "post": {
                "operationId": "odd",
                "requestBody": { "content": { "application/json": { "schema": {
                  "oneOf": [ { "$ref": "#/components/schemas/Owner" }, { "$ref": "#/components/schemas/NewPet" } ] } } } },
                "responses": { "200": { "description": "ok" } }
              }
            },
            "/backtrack": {
              "post": {
                "operationId": "backtrack",
                "requestBody": { "content": { "application/json": { "schema": {
                  "type": "object", "properties": { "a": { "type": "string", "pattern": "(a)\\1" } } } } } },
                "responses": { "200": { "description": "ok" } }
              }
            },
            "/elsewhere": {
              "get": {
                "operationId": "elsewhere", "servers": [{ "url": "https://other.test" }],
                "responses": { "200": { "description": "ok" } }
              }
            }
          },
          "components": {
            "parameters": { "Trace": { "name": "X-Trace", "in": "header", "schema": { "type": "string" } } },
            "schemas": {
              "Base": { "type": "object", "required": ["name"],
                "properties": { "name": { "type": "string", "maxLength": 20, "nullable": true } } },
              "NewPet": { "allOf": [ { "$ref": "#/components/schemas/Base" }, { "type": "object", "properties": {
                "age": { "type": "integer", "minimum": 0, "exclusiveMinimum": true, "maximum": 30, "format": "int32" },
                "owner": { "$ref": "#/components/schemas/Owner" },
                "photo": { "type": "string", "format": "uri" } } } ] },
              "Owner": { "type": "object", "description": "Who", "required": ["email"], "properties": {
                "email": { "type": "string", "format": "email" },
                "boss": { "$ref": "#/components/schemas/Owner" } } }
            }
          }
        }
        """;

    private readonly List<string> _files = [];

    [Theory]
    [InlineData("GET", "/v1/pets", null, null)]
    [InlineData("GET", "/v1/pets?limit=5&status=open&ids=1&ids=2", null, null)]
    [InlineData("GET", "/v1/pets?limit=many", null, "http.query")]
    [InlineData("GET", "/v1/pets?status=gone", null, "http.query")]
    [InlineData("GET", "/v1/pets?admin=1", null, "http.query")]
    [InlineData("GET", "/v1/pets/0f8fad5b-d9cb-469f-a165-70867728950e", null, null)]
    [InlineData("GET", "/v1/pets/1", null, "http.endpoint")]
    [InlineData("DELETE", "/v1/pets/0f8fad5b-d9cb-469f-a165-70867728950e", null, "http.method")]
    [InlineData("GET", "/pets", null, "http.endpoint")]
    [InlineData("GET", "/v9/pets", null, "http.endpoint")]
    [InlineData("POST", "/v1/pets", """{"name":"Rex","age":3}""", null)]
    [InlineData("POST", "/v1/pets", """{"name":null,"photo":"anything","owner":{"email":"a@b.test","boss":{"email":"c@d.test"}}}""", null)]
    [InlineData("POST", "/v1/pets", """{"age":3}""", "http.body-schema")]
    [InlineData("POST", "/v1/pets", """{"name":"Rex","age":0}""", "http.body-schema")]
    [InlineData("POST", "/v1/pets", """{"name":"Rex","age":31}""", "http.body-schema")]
    [InlineData("POST", "/v1/pets", """{"name":"Rex","owner":{"email":"a@b.test","boss":{"email":"x"}}}""", "http.body-schema")]
    [InlineData("POST", "/v1/pets", """{"name":"Rex","admin":true}""", "http.body-key")]
    [InlineData("POST", "/v1/charges", """{"amount":1}""", "http.endpoint")]
    public async Task Grants_exactly_the_chosen_operations(string method, string target, string? json, string? rule)
    {
        await using var world = await StartAsync(api => api.Operations("listPets", "createPet", "getPet"));
        var send = async () =>
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), world.Api + target);
            request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
            using var response = await world.Client.SendAsync(request);
            response.EnsureSuccessStatusCode();
        };

        if (rule is null)
        {
            await send();
        }
        else
        {
            (await send.Should().ThrowAsync<AccessDeniedException>()).Which.Decision.Reason!.Rule.Should().Be(rule);
            world.Server.Requests.Should().BeEmpty();
        }
    }

    [Fact]
    public async Task Shows_tools_only_the_granted_operations_and_makes_their_requests()
    {
        await using var world = await StartAsync(api => api.Operations("createPet", "charge").ReadsTagged("pets"));
        world.Session.AddUserMessage("Add Rex to the pets, and charge 5 eur.");
        var operations = world.Session.Policy.OpenApiOperations.ToDictionary(o => o.Id);

        operations.Keys.Should().BeEquivalentTo("listPets", "getPet", "createPet", "charge");
        operations["listPets"].Description.Should().Be("Lists pets.\n\nAll of them.");
        operations["getPet"].Parameters.GetProperty("required")[0].GetString().Should().Be("petId");
        operations["createPet"].Parameters.GetProperty("$defs").GetProperty("Owner").GetProperty("description").GetString()
            .Should().Be("Who");
        foreach (var (id, arguments) in new[]
        {
            ("listPets", """{"limit":3,"ids":[1,2],"X-Trace":"t"}"""),
            ("getPet", """{"petId":"0f8fad5b-d9cb-469f-a165-70867728950e"}"""),
            ("createPet", """{"body":{"name":"Rex"}}"""),
            ("charge", """{"body":{"amount":5,"currency":"eur"}}"""),
        })
        {
            var request = operations[id].CreateRequest(JsonDocument.Parse(arguments).RootElement);
            (await world.Client.SendAsync(request)).EnsureSuccessStatusCode();
        }

        world.Server.Requests.Select(r => r.Split(' ')[0] + " " + r.Split(' ')[2]).Should().Equal(
            "GET /v1/pets?limit=3&ids=1&ids=2", "GET /v1/pets/0f8fad5b-d9cb-469f-a165-70867728950e", "POST /v1/pets",
            "POST /v1/charges");
    }

    [Theory]
    [InlineData("getPet", "{}", "'petId' is missing")]
    [InlineData("getPet", """{"petId":{"a":1}}""", "'petId' is a string")]
    [InlineData("getPet", """{"petId":"x","admin":1}""", "no parameter 'admin'")]
    [InlineData("getPet", "[]", "are an object")]
    [InlineData("createPet", "{}", "'body' is missing")]
    public async Task A_call_with_wrong_arguments_makes_no_request(string id, string arguments, string problem)
    {
        await using var world = await StartAsync(api => api.Operations("getPet", "createPet"));
        var operation = world.Session.Policy.OpenApiOperations.Single(o => o.Id == id);

        var create = () => operation.CreateRequest(JsonDocument.Parse(arguments).RootElement);

        create.Should().Throw<ArgumentException>().WithMessage($"*{problem}*");
    }

    [Fact]
    public async Task An_argument_can_not_leave_its_slot()
    {
        await using var world = await StartAsync(api => api.Operations("getPet"));
        var operation = world.Session.Policy.OpenApiOperations.Single();
        foreach (var id in new[] { "../charges", "..%2fcharges", "a/b", "a?b=1", "a#b", "" })
        {
            var arguments = JsonSerializer.SerializeToElement(new { petId = id });
            var send = async () =>
            {
                using var request = operation.CreateRequest(arguments);
                using var response = await world.Client.SendAsync(request);
            };

            await send.Should().ThrowAsync<AccessDeniedException>();
        }

        world.Server.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData("""{"photo":"png bytes","title":"Rex","rank":1}""", null)]
    [InlineData("""{"photo":"png bytes","thumb":"cG5n"}""", null)]
    [InlineData("""{"photo":"png bytes","title":"A title that is too long"}""", "http.body-value")]
    [InlineData("""{"photo":"png bytes","rank":"first"}""", "http.body-value")]
    [InlineData("""{"photo":"png bytes","owner":"mallory"}""", "http.body-key")]
    public async Task Grants_forms_with_files(string body, string? rule)
    {
        await using var world = await StartAsync(api => api.Operations("addPhoto"));
        world.Session.AddUserMessage("Add the photo: png bytes, png, Rex, A title that is too long, rank first 1, owner mallory.");
        var operation = world.Session.Policy.OpenApiOperations.Single();
        using var arguments = JsonDocument.Parse($$"""{"body":{{body}}}""");
        var send = async () =>
        {
            using var request = operation.CreateRequest(arguments.RootElement);
            using var response = await world.Client.SendAsync(request);
            response.EnsureSuccessStatusCode();
        };

        if (rule is null)
        {
            await send();
        }
        else
        {
            (await send.Should().ThrowAsync<AccessDeniedException>()).Which.Decision.Reason!.Rule.Should().Be(rule);
        }
    }

    [Fact]
    public async Task A_form_without_its_file_type_or_with_another_is_denied()
    {
        await using var world = await StartAsync(api => api.Operations("addPhoto"));
        using var form = new MultipartFormDataContent();
        var file = new ByteArrayContent([1, 2, 3]);
        file.Headers.ContentType = new("text/html");
        form.Add(file, "\"photo\"", "\"photo.html\"");

        var send = async () => await world.Client.PostAsync($"{world.Api}/v1/photos", form);

        (await send.Should().ThrowAsync<AccessDeniedException>()).Which.Decision.Reason!.Rule.Should().Be("http.body-file-name");
    }

    [Fact]
    public void The_pinned_document_is_in_no_root()
    {
        var file = Write(Document);
        var build = () => Policy.Create(guard => guard.LimitPermissions(allow => allow
            .Files("temp", Path.GetDirectoryName(file)!, files => files.Write("**"))
            .OpenApi("pets", file, Hash(file), api => api.Server("https://api.test").Operations("getPet"))));

        build.Should().Throw<PolicyValidationException>().WithMessage("*overlap*");
    }

    [Fact]
    public void An_operation_without_a_body_grants_none() =>
        Build(api => api.Server("https://api.test").Operations("getPet")).Should().NotThrow();

    [Theory]
    [InlineData("missing", "no such operation id or tag")]
    [InlineData("odd", "'oneOf' is not supported")]
    [InlineData("backtrack", "linear time")]
    [InlineData("elsewhere", "states a server of its own")]
    public void Reports_operations_that_have_no_rule(string id, string problem) =>
        Build(api => api.Server("https://api.test").Operations(id)).Should().Throw<PolicyValidationException>()
            .WithMessage($"*{problem}*");

    [Theory]
    [InlineData(null)]
    [InlineData("/v1")]
    [InlineData("http://api.test")]
    [InlineData("https://user@api.test")]
    [InlineData("https://api.test/?a=b")]
    [InlineData("ftp://api.test")]
    public void The_host_app_names_the_server(string? server) =>
        Build(api => api.Server(server!).Operations("getPet")).Should().Throw<PolicyValidationException>()
            .WithMessage("*no absolute https URL*");

    [Fact]
    public void A_changed_document_is_refused()
    {
        var file = Write(Document);
        var hash = Hash(file);
        File.AppendAllText(file, " ");

        var build = () => Policy.Create(guard => guard.LimitPermissions(
            allow => allow.OpenApi("pets", file, hash, api => api.Server("https://api.test").Operations("getPet"))));

        build.Should().Throw<PolicyValidationException>().WithMessage("*not the pinned one*");
    }

    [Theory]
    [InlineData("\"$ref\": \"#/components/schemas/NewPet\"", "\"$ref\": \"https://evil.test/schema.json\"", "refers to another document")]
    [InlineData("\"$ref\": \"#/components/schemas/NewPet\"", "\"$ref\": \"other.json#/x\"", "refers to another document")]
    [InlineData("\"$ref\": \"#/components/schemas/NewPet\"", "\"$ref\": \"file:///etc/passwd\"", "refers to another document")]
    [InlineData("\"openapi\": \"3.0.3\",", "openapi: 3.0.3", "not well-formed JSON")]
    [InlineData("\"getPet\"", "\"listPets\"", "this operation id twice")]
    public void A_document_that_is_not_self_contained_is_refused(string part, string instead, string problem)
    {
        var file = Write(Document.Replace(part, instead));

        var build = () => Policy.Create(guard => guard.LimitPermissions(
            allow => allow.OpenApi("pets", file, Hash(file), api => api.Server("https://api.test").Operations("listPets"))));

        build.Should().Throw<PolicyValidationException>().WithMessage($"*{problem}*");
    }

    public void Dispose() => _files.ForEach(File.Delete);

    private static string Hash(string file) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)));

    private Action Build(Action<OpenApiGrantBuilder> configure)
    {
        var file = Write(Document);
        return () => Policy.Create(guard => guard.LimitPermissions(allow => allow.OpenApi("pets", file, Hash(file), configure)));
    }

    private string Write(string document)
    {
        var file = Path.GetTempFileName();
        _files.Add(file);
        File.WriteAllText(file, document);
        return file;
    }

    private Task<HttpWorld> StartAsync(Action<OpenApiGrantBuilder> configure)
    {
        var file = Write(Document);
        RequestDelegate ok = context => context.Response.WriteAsync("ok");
        return HttpWorld.StartAsync(
            ok,
            guard => guard.LimitPermissions(allow =>
            {
                // The world's only other rule tells which port the server has.
                var port = new Uri(guard.Options.LimitPermissions.Http.Keys.First().Split(' ')[1]).Port;
                allow.OpenApi("pets", file, Hash(file), api =>
                {
                    configure(api);
                    api.Server($"http://api.test:{port}/v1").Private("127.0.0.0/8");
                });
            }),
            null,
            "GET {other}/port");
    }
}

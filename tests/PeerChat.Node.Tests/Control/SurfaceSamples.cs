using System.Reflection;

namespace PeerChat.Node.Tests.Control;

/// <summary>Values of every record of the surface, made by reflection, so that a new one is tested as well.</summary>
internal static class SurfaceSamples
{
    /// <summary>All records that derive from a base.</summary>
    public static IReadOnlyList<Type> DerivedOf(Type root) =>
        [.. root.GetNestedTypes().Where(type => type.IsSubclassOf(root) && !type.IsAbstract)];

    /// <summary>A value of a type with something in every place.</summary>
    public static object Make(Type type, int seed)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
        {
            return $"text {seed}\n\"quoted\" \u2028 \0 日本語 <b>";
        }

        if (type.IsEnum)
        {
            var values = Enum.GetValues(type);
            return values.GetValue(seed % values.Length)!;
        }

        if (type.IsArray)
        {
            var array = Array.CreateInstance(type.GetElementType()!, 2);
            array.SetValue(Make(type.GetElementType()!, seed + 1), 0);
            array.SetValue(Make(type.GetElementType()!, seed + 2), 1);
            return array;
        }

        if (type == typeof(bool))
        {
            return seed % 2 == 0;
        }

        if (type.IsPrimitive)
        {
            return Convert.ChangeType(seed + 40, type, null);
        }

        var constructor = type.GetConstructors(BindingFlags.Public | BindingFlags.Instance)
            .OrderByDescending(one => one.GetParameters().Length)
            .First();
        return constructor.Invoke([
            .. constructor.GetParameters().Select((parameter, i) => Make(parameter.ParameterType, seed + i)),
        ]);
    }
}

<#-- One line for each bundled library: coordinates, licences, home. What is not a Maven artifact is named here. -->
janklab.jar holds these libraries of others; the texts of their licences are in META-INF/licenses.

<#list dependencyMap as e>
<#assign library = e.getKey()/>
<#if library.groupId != "io.janklab">
${library.groupId}:${library.artifactId}:${library.version} | <#list e.getValue() as licence>${licence}<#if licence_has_next> or </#if></#list> | ${(library.url!"")}
</#if>
</#list>
leeoniya:uPlot:1.6.32 | MIT | https://github.com/leeoniya/uPlot

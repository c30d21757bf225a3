<#-- One line for each bundled library: coordinates, licences, home. What is not a Maven artifact is named here. -->
janklab.jar holds these libraries of others; the texts of their licences are in META-INF/licenses.

<#list dependencyMap as e>
<#assign library = e.getKey()/>
<#if library.groupId != "io.janklab">
${library.groupId}:${library.artifactId}:${library.version} | <#list e.getValue() as licence>${licence}<#if licence_has_next> or </#if></#list> | ${(library.url!"")}
</#if>
</#list>

These are inside libraries named above, under other names:

org.jctools:jctools-core:4.0.7 | Apache-2.0 | https://github.com/JCTools/JCTools (in netty-common)
org.jctools:jctools-core-jdk11:4.0.7 | Apache-2.0 | https://github.com/JCTools/JCTools (in netty-common)
net.openhft:zero-allocation-hashing:0.27ea1 | Apache-2.0 | https://github.com/OpenHFT/Zero-Allocation-Hashing (in parquet-column)
it.unimi.dsi:fastutil:8.5.19 | Apache-2.0 | https://fastutil.di.unimi.it (in parquet-column)
org.apache.thrift:libthrift:0.23.0 | Apache-2.0 | https://thrift.apache.org (in parquet-format-structures)
com.fasterxml.jackson.core:jackson-core:2.22.2 | Apache-2.0 | https://github.com/FasterXML/jackson-core (in parquet-jackson)
com.fasterxml.jackson.core:jackson-annotations:2.22 | Apache-2.0 | https://github.com/FasterXML/jackson (in parquet-jackson)
com.fasterxml.jackson.core:jackson-databind:2.22.2 | Apache-2.0 | https://github.com/FasterXML/jackson (in parquet-jackson)

FastDoubleParser, jsoniter-scala and xjb in jackson-core: META-INF/FastDoubleParser-LICENSE, jsoniter-scala-LICENSE and xjb-LICENSE (MIT,
Apache-2.0). Modified parts of other projects in Micrometer and Netty: META-INF/NOTICE.

A script of the report:

leeoniya:uPlot:1.6.32 | MIT | https://github.com/leeoniya/uPlot
